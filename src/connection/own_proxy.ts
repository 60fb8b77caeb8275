import net from 'node:net'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The forward proxy that the controller itself would use for a place, from `http_proxy`, `https_proxy`, `all_proxy` and
 * `no_proxy` as curl reads them (curl(1), ENVIRONMENT); null where it goes there directly.
 */
export function ownProxy(
  to: { scheme: 'http' | 'https'; host: string; port: number },
  environment: Environment,
): URL | null {
  // Upper-case HTTP_PROXY is left out: under CGI it would be a request's header.
  const names = to.scheme === 'http' ? ['http_proxy'] : ['https_proxy', 'HTTPS_PROXY']
  const value = [...names, 'all_proxy', 'ALL_PROXY'].map((name) => environment[name]).find(Boolean)
  if (value === undefined || isExcepted(to.host, to.port, environment)) return null
  const url = URL.parse(value.includes('://') ? value : `http://${value}`)
  return url !== null && /^https?:$/.test(url.protocol) ? url : null
}

function isExcepted(host: string, port: number, environment: Environment): boolean {
  const list = environment['no_proxy'] ?? environment['NO_PROXY'] ?? ''
  const name = host.toLowerCase()
  return list
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true
      const [, bare = entry, itsPort] = net.isIPv6(entry) ? [] : (/^(.*?)(?::(\d+))?$/.exec(entry) ?? [])
      if (itsPort !== undefined && Number(itsPort) !== port) return false
      const suffix = bare.toLowerCase().replace(/^\*?\./, '')
      return name === suffix || name.endsWith(`.${suffix}`)
    })
}
