import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import type { Duplex } from 'node:stream'
import { addressesHere, checkedLookup, ownAddresses, Refused } from './egress_lookup.ts'
import { refusedAddress, refusedName } from './egress_rules.ts'
import type { Destination } from './egress_rules.ts'
import { ownProxy } from './own_proxy.ts'

export interface Place extends Destination {
  readonly scheme: 'http' | 'https'
}

export interface EgressWayOptions {
  /** What may be reached now; more may be added while the proxy is open. */
  readonly allowed: ReadonlySet<string>
  /** Where the controller's own proxy is looked up. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Addresses of names as the controller knows them: each is asked once, since an answer can take long to not come. */
  readonly known: Map<string, Promise<readonly string[]>>
}

/** How long (ms) the other end may take to answer, and may then be silent. */
export const PATIENCE = { connect: 30_000, silence: 120_000 }

/** Options of a request to a place, on the controller's own way out. @throws Refused */
export async function requestOptions(
  to: Place,
  path: string,
  options: EgressWayOptions,
): Promise<http.RequestOptions> {
  const proxy = await wayTo(to, options)
  if (proxy === null) return { host: to.host, port: to.port, path, lookup: checkedLookup }
  return {
    ...proxyOptions(proxy),
    path: `${to.scheme}://${authority(to)}${path}`,
    headers: proxyCredentials(proxy),
  }
}

/** A connection to a place, for bytes that the controller does not look into. @throws Refused */
export async function openTunnel(to: Place, options: EgressWayOptions): Promise<Duplex> {
  const proxy = await wayTo(to, options)
  const { promise, resolve, reject } = Promise.withResolvers<Duplex>()
  if (proxy === null) {
    const socket = net.connect({
      host: to.host,
      port: to.port,
      noDelay: true,
      lookup: checkedLookup,
      timeout: PATIENCE.connect,
    })
    socket.once('connect', () => resolve(socket.setTimeout(0)))
    socket.once('timeout', () => socket.destroy(new Error(`${to.host} does not answer`)))
    socket.on('error', reject)
    return promise
  }
  const client = proxy.protocol === 'https:' ? https : http
  const request = client.request({
    ...proxyOptions(proxy),
    method: 'CONNECT',
    path: authority(to),
    headers: { host: authority(to), ...proxyCredentials(proxy) },
    timeout: PATIENCE.connect,
    agent: false,
  })
  request.once('connect', (response, socket, head) => {
    if (response.statusCode !== 200) {
      socket.destroy()
      return reject(
        new Error(`the controller's own proxy says: ${response.statusCode} ${response.statusMessage}`),
      )
    }
    if (head.length > 0) socket.unshift(head)
    socket.setTimeout(0)
    resolve(socket)
  })
  request.once('timeout', () => request.destroy(new Error("the controller's own proxy does not answer")))
  request.once('error', reject).end()
  return promise
}

/** @returns the controller's own proxy that leads there, or null @throws Refused */
async function wayTo(to: Place, { allowed, environment, known }: EgressWayOptions): Promise<URL | null> {
  // A name for this machine could also be told to the proxy beyond, which would be another machine.
  const here = /(^|\.)localhost\.?$/i.test(to.host) ? '127.0.0.1' : to.host
  refuseAddresses(to, net.isIP(here) === 0 ? [] : [here])
  const refusal = refusedName(allowed, to)
  if (refusal !== null) throw new Refused(refusal)
  const proxy = ownProxy(to, environment)
  if (proxy === null || net.isIP(to.host) !== 0) return proxy
  // What a name stands for beyond is not seen from here; what it stands for here is as good as an address.
  const addresses = known.get(to.host) ?? addressesHere(to.host)
  known.set(to.host, addresses)
  refuseAddresses(to, await addresses)
  return proxy
}

function refuseAddresses({ host }: Place, addresses: readonly string[]): void {
  const own = addresses.length === 0 ? [] : ownAddresses()
  for (const address of addresses) {
    const refusal = refusedAddress({ host, address }, own)
    if (refusal !== null) throw new Refused(refusal)
  }
}

function proxyOptions(proxy: URL): { protocol: string; host: string; port: number } {
  const port = Number(proxy.port) || (proxy.protocol === 'https:' ? 443 : 80)
  return { protocol: proxy.protocol, host: proxy.hostname.replace(/^\[|\]$/g, ''), port }
}

function proxyCredentials({ username, password }: URL): Record<string, string> {
  if (username === '') return {}
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` }
}

export function authority({ host, port }: Place): string {
  return `${net.isIPv6(host) ? `[${host}]` : host}:${port}`
}
