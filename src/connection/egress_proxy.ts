import { timingSafeEqual } from 'node:crypto'
import http from 'node:http'
import https from 'node:https'
import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream'
import { Refused } from './egress_lookup.ts'
import type { Destination, Refusal } from './egress_rules.ts'
import { openTunnel, PATIENCE, requestOptions } from './egress_way.ts'
import type { EgressWayOptions, Place } from './egress_way.ts'

/** A forward proxy (RFC 9110, 7.6 and 9.3.6) that listens nowhere: it serves the connections that it is given. */
export interface EgressProxy {
  accept(connection: Duplex): void
  close(): void
}

/** Belongs to one connection only, and is not passed on (RFC 9110, 7.6.1). */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

const REALM = 'Basic realm="bringup"'

export interface EgressProxyOptions extends EgressWayOptions {
  /** `user:password` that every request must carry. */
  readonly credentials: string
  /** Told of what is asked for with these, and must not be reached. */
  readonly onRefused: (to: Destination, refusal: Refusal) => void
}

export function createEgressProxy(options: EgressProxyOptions): EgressProxy {
  const { credentials, onRefused } = options
  const expected = Buffer.from(`Basic ${Buffer.from(credentials).toString('base64')}`)
  const agents = {
    'http:': new http.Agent({ keepAlive: true }),
    'https:': new https.Agent({ keepAlive: true }),
  }
  const open = new Set<Duplex>()

  const isKnown = (request: http.IncomingMessage): boolean => {
    const given = Buffer.from(request.headers['proxy-authorization'] ?? '')
    return given.length === expected.length && timingSafeEqual(given, expected)
  }

  const statusOf = (error: unknown, to: Destination): number => {
    if (!(error instanceof Refused)) return 502
    onRefused(to, error.refusal)
    return 403
  }

  const server = http.createServer((request, response) => {
    const refuse = (status: number, why: string): void =>
      void response.writeHead(status, why, { 'content-type': 'text/plain' }).end(`${why}\n`)
    const url = URL.parse(request.url ?? '')
    if (!isKnown(request)) {
      response.setHeader('proxy-authenticate', REALM)
      return refuse(407, 'Proxy Authentication Required')
    }
    if (url === null || url.protocol !== 'http:') return refuse(400, 'Not a request to a proxy')
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return refuse(405, 'Only GET and HEAD pass here')
    const place = { scheme: 'http', host: bare(url.hostname), port: Number(url.port) || 80 } as const
    const fail = (error: unknown): void => refuse(statusOf(error, place), reason(error))
    fetch(url, place, request, response, fail).catch(fail)
  })

  async function fetch(
    url: URL,
    place: Place,
    request: http.IncomingMessage,
    response: http.ServerResponse,
    fail: (error: Error) => void,
  ): Promise<void> {
    const way = await requestOptions(place, url.pathname + url.search, options)
    if (response.destroyed) return
    const { protocol = 'http:' } = way
    const upstream = (protocol === 'https:' ? https : http).request({
      ...way,
      method: request.method!,
      agent: protocol === 'https:' ? agents['https:'] : agents['http:'],
      timeout: PATIENCE.silence,
      headers: { ...passedOn(request.headers), ...(way.headers as http.OutgoingHttpHeaders), host: url.host },
    })
    upstream.once('timeout', () => upstream.destroy(new Error(`${url.hostname} does not answer`)))
    upstream.once('error', (error) => (response.headersSent ? response.destroy() : fail(error)))
    upstream.once('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.statusMessage, passedOn(answer.headers))
      // Broken off in the middle, it must not look whole: pipeline destroys the other end.
      pipeline(answer, response, () => {})
    })
    response.once('close', () => upstream.destroy())
    upstream.end()
  }

  server.on('connect', (request: http.IncomingMessage, client: Duplex, head: Buffer) => {
    const answer = (status: number, why: string): void =>
      void client.end(
        `HTTP/1.1 ${status} ${why}\r\n${status === 407 ? `proxy-authenticate: ${REALM}\r\n` : ''}\r\n`,
      )
    client.on('error', () => {})
    const place = parseAuthority(request.url ?? '')
    if (!isKnown(request)) return answer(407, 'Proxy Authentication Required')
    if (place === null) return answer(400, 'Not a place to connect to')
    connect(place, client, head).catch((error: unknown) => answer(statusOf(error, place), reason(error)))
  })

  async function connect(place: Place, client: Duplex, head: Buffer): Promise<void> {
    const tunnel = await openTunnel(place, options)
    open.add(tunnel)
    tunnel.once('close', () => open.delete(tunnel))
    if (client.destroyed) return void tunnel.destroy()
    client.write('HTTP/1.1 200 Connected\r\n\r\n')
    if (head.length > 0) tunnel.write(head)
    pipeline(tunnel, client, () => tunnel.destroy())
    // The end of what the client sends is not the end of what it is sent.
    pipeline(client, tunnel, (error) => error && client.destroy())
  }

  return {
    accept(connection) {
      open.add(connection)
      connection.once('close', () => open.delete(connection))
      connection.on('error', () => {})
      server.emit('connection', connection)
    },
    close() {
      for (const stream of open) stream.destroy()
      for (const agent of Object.values(agents)) agent.destroy()
    },
  }
}

function passedOn(headers: http.IncomingHttpHeaders): http.OutgoingHttpHeaders {
  const named = String(headers.connection ?? '').toLowerCase()
  const own = new Set([...HOP_BY_HOP, ...named.split(/[\s,]+/)])
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !own.has(name)))
}

function parseAuthority(text: string): Place | null {
  const [, host, port] = /^(\[[^\]]+\]|[^:]+):(\d+)$/.exec(text) ?? []
  return host === undefined ? null : { scheme: 'https', host: bare(host), port: Number(port) }
}

function bare(host: string): string {
  return host.replace(/^\[|\]$/g, '')
}

/** One line in ASCII: apt shows it to the user as the reason. */
function reason(error: unknown): string {
  const text =
    error instanceof Refused
      ? `${error.refusal.why}. ${error.refusal.remedy}`
      : error instanceof Error
        ? error.message
        : String(error)
  return `bringup: ${text}`.replace(/[^\x20-\x7e]+/g, ' ')
}
