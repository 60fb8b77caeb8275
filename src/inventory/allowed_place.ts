import net from 'node:net'
import { isClosed, isFetchingPort } from '../connection/egress_rules.ts'

const NAME = /^(\*\.)?([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$/

/**
 * One entry of `egress_allow`, in the form that the list of a host has: `mirror.example.org`, `*.example.org`,
 * `mirror.example.org:3142`, `[2001:db8::1]:3142`.
 */
export function allowedPlace(text: string): { place: string } | { problem: string } {
  if (text.includes('/')) return { problem: 'is more than a host: leave out https:// and the path' }
  const [, bracketed, plain, port] = net.isIPv6(text)
    ? ['', text]
    : (/^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(text) ?? [])
  const host = (bracketed ?? plain ?? '').toLowerCase().replace(/\.$/, '')
  const isAddress = bracketed !== undefined ? net.isIPv6(host) : net.isIPv4(host)
  if (!isAddress && (bracketed !== undefined || !NAME.test(host) || /(^|\.)\d+$/.test(host)))
    return { problem: 'is neither a host, nor *.domain, nor host:port' }
  if (port !== undefined && !isFetchingPort(Number(port)))
    return { problem: 'has a port that is not for fetching: 80, 443 and those above 1023 are' }
  if (host === 'localhost' || host.endsWith('.localhost') || (isAddress && isClosed(host, [])))
    return { problem: 'is private; nothing private is ever reached through the controller' }
  const name = bracketed === undefined ? host : `[${host}]`
  return { place: port === undefined || port === '80' || port === '443' ? name : `${name}:${port}` }
}
