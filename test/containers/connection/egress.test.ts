import { execFileSync } from 'node:child_process'

import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'

import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { raiseLab } from '../../../scripts/lab/raise.ts'
import type { Lab } from '../../../scripts/lab/raise.ts'
import { openEgress } from '../../../src/connection/egress.ts'
import type { Egress, EgressOptions, RefusedPlace } from '../../../src/connection/egress.ts'
import type { Remote } from '../../../src/connection/remote.ts'
import { gatherFacts, readPackageSources } from '../../../src/facts/gather.ts'
import { connectLab, sshdWith } from './lab_host.ts'

let lab: Lab
let remote: Remote
/** A place on this machine's loopback: as the controller's own proxy for some tests, and as a target that must not be. */
let site: http.Server
let port: number
const requests: { method: string; url: string; headers: http.IncomingHttpHeaders }[] = []

beforeAll(async () => {
  lab = await raiseLab({ nodes: 1 })
  remote = await connectLab(lab, 'server1')
  site = http.createServer((request, response) => {
    const { method = '', url = '', headers } = request
    requests.push({ method, url, headers })
    if (url.endsWith('/big')) return void response.end(Buffer.alloc(10_000_000, 'x'))
    if (url.endsWith('/broken')) {
      response.writeHead(200, { 'content-length': 1000 }).write('half')
      return void setTimeout(() => response.destroy(), 50)
    }
    response.end(`you asked for ${url}\n`)
  })
  site.on('connect', (request, socket) => {
    requests.push({ method: 'CONNECT', url: request.url ?? '', headers: request.headers })
    socket.end('HTTP/1.1 200 OK\r\n\r\nhello through the tunnel\n')
  })
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
  port = (site.address() as AddressInfo).port
})
afterAll(async () => {
  site?.close()
  await remote?.close()
  await lab?.down()
})

/** A way out to these places, with the site as the controller's own proxy. */
async function open(
  allow: readonly string[] = ['site.example'],
  options: EgressOptions = {},
): Promise<Egress> {
  requests.length = 0
  const proxy = `http://127.0.0.1:${port}`
  const environment = { http_proxy: proxy, https_proxy: proxy }
  const egress = await openEgress(remote, { environment, ...options })
  onTestFinished(() => egress.close())
  egress.allow(allow)
  return egress
}

/** The same for a controller without a proxy. */
const openDirect = (allow: readonly string[]): Promise<Egress> => open(allow, { environment: {} })

/** What the proxy answers, with bash on the node as its client. */
async function asked(
  egress: Egress,
  request: string,
  header = 'x',
  { username, password } = new URL(egress.proxy),
): Promise<string> {
  const pair = Buffer.from(`${username}:${password}`).toString('base64')
  const lines = [
    request,
    `Host: ${header}`,
    'Connection: close',
    `Proxy-Authorization: Basic ${pair}`,
    '',
    '',
  ]
  const bytes = lines.join('\\r\\n')
  const script = `exec 3<>/dev/tcp/127.0.0.1/${new URL(egress.proxy).port}; printf '${bytes}' >&3; timeout 20 cat <&3`
  return (await lab.exec('server1', ['bash', '-c', script])).stdout
}

const got = (egress: Egress, url: string): Promise<string> => asked(egress, `GET ${url} HTTP/1.1`)
const connected = (egress: Egress, to: string): Promise<string> => asked(egress, `CONNECT ${to} HTTP/1.1`)

describe('egress', () => {
  test('brings what the controller can fetch to a node without a way out', async () => {
    const egress = await open()
    const answer = await got(egress, 'http://site.example/packages?a=1')
    expect(answer).toMatch(/^HTTP\/1.1 200 OK\r\n/)
    expect(answer).toContain('you asked for http://site.example:80/packages?a=1\n')
    // The credentials are for this proxy alone.
    expect(requests.at(-1)?.headers).not.toHaveProperty('proxy-authorization')
  })

  test('goes by the URL, not by what a header says', async () => {
    const egress = await open()
    expect(await got(egress, 'http://site.example/')).toMatch(/^HTTP\/1.1 200 /)
    expect(requests.at(-1)?.headers.host).toBe('site.example')
    const lying = (request: string): Promise<string> => asked(egress, request, 'site.example')
    expect(await lying('GET http://other.example/ HTTP/1.1')).toMatch(/^HTTP\/1.1 403 /)
    expect(await lying('CONNECT other.example:443 HTTP/1.1')).toMatch(/^HTTP\/1.1 403 /)
    expect(await lying('GET / HTTP/1.1')).toMatch(/^HTTP\/1.1 400 /)
  })

  test('carries much', async () => {
    const egress = await open()
    expect((await got(egress, 'http://site.example/big')).length).toBeGreaterThan(10_000_000)
  })

  test('does not pass off half an answer as a whole one', async () => {
    const egress = await open()
    const answer = await got(egress, 'http://site.example/broken')
    expect(answer).toMatch(/\r\ncontent-length: 1000\r\n/i)
    expect(answer).toMatch(/\r\n\r\nhalf$/)
  })

  test('installs packages with apt, and leaves no trace of itself on the node', async () => {
    const egress = await openDirect(await readPackageSources(remote, await gatherFacts(remote)))
    const settings =
      'find /etc /var/lib/apt /root -xdev -type f -newer /tmp/before ! -path "*/apt/lists/*" | sort'
    await remote.run('touch /tmp/before')
    const update = await remote.run('apt-get update -q -o Acquire::Retries=0 2>&1', {
      env: { ...egress.env },
      timeout: 100,
    })
    expect(update.stdout.toString()).toMatch(/Get:1 http/)
    expect(update.code).toBe(0)
    const install = await remote.run('apt-get install -q -y --no-install-recommends wget 2>&1', {
      env: { ...egress.env, DEBIAN_FRONTEND: 'noninteractive' },
      timeout: 100,
    })
    expect(install.code).toBe(0)
    expect(
      (await remote.run(`${settings} | xargs grep -l '127.0.0.1:'; env | grep -i proxy`)).stdout.toString(),
    ).toBe('')
    const mirror = `$(apt-get indextargets --format '$(REPO_URI)' | head -1)`
    const wget = await remote.run(`wget -q -O- "${mirror}dists/bookworm/Release" | head -2`, {
      env: { ...egress.env },
    })
    expect(wget.stdout.toString()).toMatch(/^Origin: Debian/)
  })

  test('tunnels TLS, as CONNECT', async () => {
    const egress = await open()
    expect(await connected(egress, 'site.example:443')).toBe(
      'HTTP/1.1 200 Connected\r\n\r\nhello through the tunnel\n',
    )
  })

  test.each([
    ['this machine', () => `127.0.0.1:${port}`],
    ['this machine by name', () => `localhost:${port}`],
    ['this machine under another name', () => `x.localhost:${port}`],
    ['this machine in disguise', () => `[::ffff:127.0.0.1]:${port}`],
    ['this machine in another disguise', () => `[::ffff:7f00:1]:${port}`],
    ['this machine, translated', () => `[64:ff9b::7f00:1]:${port}`],
    ['this machine in IPv6', () => `[::1]:${port}`],
    ['this machine as one number', () => `2130706433:${port}`],
    ['this machine as 0', () => `0:${port}`],
    ['an address of its own', () => `${ownAddress()}:${port}`],
    ['its own name', () => `${hostname()}:${port}`],
    ['a private network', () => '192.168.111.1:80'],
    ['the cloud’s metadata', () => '169.254.169.254:80'],
  ])('refuses %s, also where it is on the list, and with a proxy beyond', async (_, to) => {
    const place = to()
    const refused: RefusedPlace[] = []
    for (const environment of [{}, { all_proxy: `http://127.0.0.1:${port}` }]) {
      const names = [place, new URL(`http://${place}`).host]
      const egress = await open(names, { environment, onRefused: (one) => void refused.push(one) })
      expect(await got(egress, `http://${place}/`)).toMatch(/^HTTP\/1.1 403 bringup: .* private network/)
      expect(await connected(egress, place)).toMatch(/^HTTP\/1.1 403 bringup: .* private network/)
      expect(requests).toEqual([])
    }
    expect(refused.length).toBeGreaterThan(0)
  })

  test('refuses hosts that are not on the list, and ports that are not for fetching', async () => {
    const began = performance.now()
    const egress = await open(['*.example.org', 'packages.example.org:22'])
    expect(await got(egress, 'http://other.example/')).toMatch(
      /^HTTP\/1.1 403 bringup: other.example is not on the list .*\(\*\.example\.org, packages\.example\.org:22\).*egress_allow/,
    )
    expect(await connected(egress, 'packages.example.org:3142')).toMatch(/^HTTP\/1.1 403 .*not on the list/)
    for (const shut of [22, 25])
      expect(await connected(egress, `packages.example.org:${shut}`)).toMatch(
        new RegExp(`^HTTP/1.1 403 bringup: port ${shut} `),
      )
    expect(requests).toEqual([])
    expect(egress.refusedSince(began).map(({ host, port: at }) => `${host}:${at}`)).toEqual([
      'other.example:80',
      'packages.example.org:3142',
      'packages.example.org:22',
      'packages.example.org:25',
    ])
    expect(egress.refusedSince(performance.now())).toEqual([])
  })

  test('reaches more as the list grows', async () => {
    const egress = await open([])
    expect(await got(egress, 'http://site.example/')).toMatch(/^HTTP\/1.1 403 .*\(it is empty\)/)
    expect(egress.allow(['site.example', 'a.example', 'a.example'])).toEqual(['site.example', 'a.example'])
    expect(egress.allow(['site.example'])).toEqual([])
    expect(egress.allowed).toEqual(['a.example', 'site.example'])
    expect(await got(egress, 'http://site.example/')).toMatch(/^HTTP\/1.1 200 /)
  })

  test('serves nobody without its password, whichever user of the node it is', async () => {
    const egress = await open()
    const stranger = new URL('http://bringup:wrong@x')
    for (const request of ['CONNECT site.example:443 HTTP/1.1', 'GET http://site.example/ HTTP/1.1'])
      expect(await asked(egress, request, 'x', stranger)).toMatch(/^HTTP\/1.1 407 /)
    const at = new URL(egress.proxy).port
    const script = `exec 3<>/dev/tcp/127.0.0.1/${at}; printf 'GET http://site.example/ HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n' >&3; timeout 20 cat <&3`
    const other = await lab.exec('server1', ['runuser', '-u', 'ops', '--', 'bash', '-c', script])
    expect(other.stdout).toMatch(/^HTTP\/1.1 407 /)
    expect(requests).toEqual([])
  })

  test('has a password of its own for each node', async () => {
    const [one, two] = [await open(), await open()]
    const { username, password } = new URL(one.proxy)
    expect(new URL(two.proxy).password).not.toBe(password)
    const url = new URL(`http://${username}:${password}@x`)
    expect(await asked(two, 'GET http://site.example/ HTTP/1.1', 'x', url)).toMatch(/^HTTP\/1.1 407 /)
  })

  test.each(['POST', 'PUT', 'DELETE'])('does not pass on a %s', async (method) => {
    const egress = await open()
    expect(await asked(egress, `${method} http://site.example/ HTTP/1.1`)).toMatch(/^HTTP\/1.1 405 /)
    expect(requests).toEqual([])
  })

  test('goes out through the controller’s own proxy, where it has one', async () => {
    const seen: string[] = []
    const upstream = http.createServer((request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers['proxy-authorization']}`)
      response.end('from upstream\n')
    })
    upstream.on('connect', (request, socket) => {
      seen.push(`CONNECT ${request.url} ${request.headers['proxy-authorization']}`)
      socket.end('HTTP/1.1 200 OK\r\n\r\nfrom upstream, tunnelled\n')
    })
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void upstream.close())
    const proxy = `http://me:s%40cret@127.0.0.1:${(upstream.address() as AddressInfo).port}`
    const egress = await open(['mirror.example'], { environment: { http_proxy: proxy, https_proxy: proxy } })
    expect(await got(egress, 'http://mirror.example/debian')).toMatch(/\r\n\r\nfrom upstream\n$/)
    expect(await connected(egress, 'mirror.example:443')).toContain('from upstream, tunnelled')
    const basic = `Basic ${Buffer.from('me:s@cret').toString('base64')}`
    expect(seen).toEqual([
      `GET http://mirror.example:80/debian ${basic}`,
      `CONNECT mirror.example:443 ${basic}`,
    ])
  })

  test('opens no port of the controller, and closes the one of the node', async () => {
    const listening = (): string => execFileSync('ss', ['-Hltnp'], { encoding: 'utf8' })
    const mine = (): string[] =>
      listening()
        .split('\n')
        .filter((line) => line.includes(`pid=${process.pid},`))
    const before = mine()
    const egress = await open()
    await got(egress, 'http://site.example/')
    expect(mine()).toEqual(before)
    const onNode = async (): Promise<string> =>
      (await lab.exec('server1', `ss -Hltn sport = :${new URL(egress.proxy).port}`)).stdout
    expect(await onNode()).toMatch(/ 127\.0\.0\.1:\d+ /)
    await egress.close()
    expect(await onNode()).toBe('')
  })

  test('says what to change where sshd forbids it', async () => {
    await sshdWith(lab, 'server1', 'AllowTcpForwarding no\n')
    const strict = await connectLab(lab, 'server1')
    onTestFinished(() => strict.close())
    await expect(openEgress(strict)).rejects.toMatchObject({
      code: 'REFUSED',
      details: { remedy: expect.stringContaining('AllowTcpForwarding') },
    })
  })
})

function ownAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((list = []) => list)
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1'
}
