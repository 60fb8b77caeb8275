import { lookup as dnsLookup } from 'node:dns'
import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import { networkInterfaces } from 'node:os'
import type { Duplex } from 'node:stream'
import { refusedAddress, refusedName } from './egress_rules.ts'
import type { EgressRules } from './egress_rules.ts'
import { ownProxy } from './own_proxy.ts'

export interface Place {
  readonly scheme: 'http' | 'https'
  readonly host: string
  readonly port: number
}

export interface EgressWayOptions {
  readonly rules: EgressRules
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** A place that must not be reached; its message is for the one who asked. */
export class Refused extends Error {}

/** How long (ms) the other end may take to answer, and may then be silent. */
export const PATIENCE = { connect: 30_000, silence: 120_000 }

/** Options of a request to a place, on the controller's own way out. @throws Refused */
export function requestOptions(to: Place, path: string, options: EgressWayOptions): http.RequestOptions {
  check(to, options)
  const proxy = ownProxy(to, options.environment)
  if (proxy === null) return { host: to.host, port: to.port, path, lookup: checkedLookup(to, options.rules) }
  return {
    ...proxyOptions(proxy),
    path: `${to.scheme}://${authority(to)}${path}`,
    headers: proxyCredentials(proxy),
  }
}

/** A connection to a place, for bytes that the controller does not look into. @throws Refused */
export function openTunnel(to: Place, options: EgressWayOptions): Promise<Duplex> {
  check(to, options)
  const proxy = ownProxy(to, options.environment)
  const { promise, resolve, reject } = Promise.withResolvers<Duplex>()
  if (proxy === null) {
    const socket = net.connect({
      host: to.host,
      port: to.port,
      noDelay: true,
      lookup: checkedLookup(to, options.rules),
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

function check(to: Place, { rules }: EgressWayOptions): void {
  const isAddress = net.isIP(to.host) !== 0
  // A name for this machine could also be told to the proxy beyond, which would be another machine.
  const isHere = /(^|\.)localhost\.?$/i.test(to.host)
  const reason =
    refusedName(rules, to.host, to.port) ??
    (isAddress || isHere
      ? refusedAddress(rules, { ...to, address: isAddress ? to.host : '127.0.0.1' }, ownAddresses())
      : null)
  if (reason !== null) throw new Refused(reason)
}

/**
 * Looks a name up, and passes on only addresses that may be reached. The connection is then made to these very
 * addresses: a name that answers differently a moment later changes nothing.
 */
function checkedLookup(to: Place, rules: EgressRules): net.LookupFunction {
  return (name, options, callback) =>
    dnsLookup(name, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, [])
      const own = ownAddresses()
      const reasons = found.map(({ address }) => refusedAddress(rules, { ...to, address }, own))
      const open = found.filter((_, index) => reasons[index] === null)
      const [first] = open
      if (first === undefined) return callback(new Refused(reasons[0] ?? `${name} has no address`), [])
      if (options.all) callback(null, open)
      else callback(null, first.address, first.family)
    })
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses.map(({ address }) => address),
  )
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
