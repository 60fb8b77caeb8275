import { randomBytes } from 'node:crypto'
import { createEgressProxy } from './egress_proxy.ts'
import type { Destination, Refusal } from './egress_rules.ts'
import type { Remote } from './remote.ts'

/** What a host asked its way out for, and was not given. */
export interface RefusedPlace extends Destination, Refusal {}

/** A way out for a host that has none, for as long as its connection lasts. */
export interface Egress {
  /** `http://bringup:…@127.0.0.1:PORT`, on the host. */
  readonly proxy: string
  /**
   * What makes apt, dnf, yum, curl and wget take it, for the commands that it is given to and for nothing else: no file
   * on the host says so, and nothing is left behind however the run ends. Not for pcs, which would look for the other
   * nodes through it.
   */
  readonly env: Readonly<Record<string, string>>
  /** The places that may be reached, sorted: `packages.example.org`, `*.example.org`, `mirror.example.org:3142`. */
  readonly allowed: readonly string[]
  /** Lets more be reached. @returns those that are new */
  allow(places: readonly string[]): readonly string[]
  /** What was asked for since (`performance.now()`) and refused, each place once. */
  refusedSince(time: number): RefusedPlace[]
  close(): Promise<void>
}

export interface EgressOptions {
  /** Told of each place that is refused, the first time. */
  readonly onRefused?: (refused: RefusedPlace) => void
  /** The controller's own, which may name a proxy on its way out; `process.env` when left out. */
  readonly environment?: Readonly<Record<string, string | undefined>>
}

/** A host that asks for more different places than this is up to something; the rest are refused without a note. */
const MOST_NOTED = 1000

/**
 * Lets a host fetch what the controller can fetch, over its SSH connection: a port on the host's loopback leads to a
 * forward proxy inside this process, which listens nowhere else. The password in its address keeps other users of the
 * host out. It leads to the places that {@link Egress.allow} was given, at first none, and never to the controller
 * itself or into private networks.
 * @throws BringupError REFUSED when sshd allows no forwarding
 */
export async function openEgress(
  remote: Pick<Remote, 'forwardIn'>,
  { onRefused, environment = process.env }: EgressOptions = {},
): Promise<Egress> {
  const password = randomBytes(16).toString('hex')
  const allowed = new Set<string>()
  const refused = new Map<string, { place: RefusedPlace; time: number }>()
  const proxy = createEgressProxy({
    credentials: `bringup:${password}`,
    allowed,
    environment,
    known: new Map(),
    onRefused({ host, port }, refusal) {
      const key = `${host} ${port}`
      const place = { host, port, ...refusal }
      const isNew = !refused.has(key)
      if (isNew && refused.size >= MOST_NOTED) return
      refused.set(key, { place, time: performance.now() })
      if (isNew) onRefused?.(place)
    },
  })
  const forward = await remote.forwardIn((connection) => proxy.accept(connection))
  const url = `http://bringup:${password}@127.0.0.1:${forward.port}`
  const here = 'localhost,127.0.0.1,::1'
  return {
    proxy: url,
    env: { http_proxy: url, https_proxy: url, HTTPS_PROXY: url, no_proxy: here, NO_PROXY: here },
    get allowed() {
      return [...allowed].toSorted()
    },
    allow(places) {
      const added = [...new Set(places)].filter((place) => !allowed.has(place))
      for (const place of added) allowed.add(place)
      return added
    },
    refusedSince: (time) => [...refused.values()].filter((one) => one.time >= time).map(({ place }) => place),
    async close() {
      proxy.close()
      await forward.close()
    },
  }
}
