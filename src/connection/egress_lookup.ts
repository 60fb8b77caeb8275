import { lookup as dnsLookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { networkInterfaces } from 'node:os'
import { refusedAddress } from './egress_rules.ts'
import type { Refusal } from './egress_rules.ts'

/** A place that must not be reached; its message is for the one who asked. */
export class Refused extends Error {
  readonly refusal: Refusal

  constructor(refusal: Refusal) {
    super(refusal.why)
    this.refusal = refusal
  }
}

/** A name that the controller cannot look up (ms) is for its own proxy to know. */
const PATIENCE = 2000

/**
 * Looks a name up, and passes on only addresses that may be reached. The connection is then made to these very
 * addresses: a name that answers differently a moment later changes nothing.
 */
export const checkedLookup: LookupFunction = (name, options, callback) =>
  dnsLookup(name, { ...options, all: true }, (error, found) => {
    if (error !== null) return callback(error, [])
    const own = ownAddresses()
    const refusals = found.map(({ address }) => refusedAddress({ host: name, address }, own))
    const open = found.filter((_, index) => refusals[index] === null)
    const [first] = open
    if (first === undefined) {
      const nothing = { why: `${name} has no address`, remedy: 'Correct the name.' }
      return callback(new Refused(refusals[0] ?? nothing), [])
    }
    if (options.all) callback(null, open)
    else callback(null, first.address, first.family)
  })

/** The addresses of a name as far as the controller itself knows them; none where it does not. */
export function addressesHere(name: string): Promise<string[]> {
  const { promise, resolve } = Promise.withResolvers<string[]>()
  setTimeout(resolve, PATIENCE, []).unref()
  dnsLookup(name, { all: true }, (error, found) =>
    resolve(error === null ? found.map(({ address }) => address) : []),
  )
  return promise
}

/** Those of this machine, public ones too. */
export function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses.map(({ address }) => address),
  )
}
