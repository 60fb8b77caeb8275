import { openEgress } from '../connection/egress.ts'
import type { Egress } from '../connection/egress.ts'
import type { Remote } from '../connection/remote.ts'
import type { Emit } from './events.ts'

/** Opens the way out of a host, and tells when its list grows and what is refused. */
export async function openHostEgress(remote: Remote, emit: Emit): Promise<Egress> {
  const { host } = remote
  const way = await openEgress(remote, {
    onRefused: ({ host: name, port, why }) =>
      emit({ type: 'egress_refused', host, place: `${name}:${port}`, reason: why }),
  })
  let isTold = false
  return {
    ...way,
    get allowed() {
      return way.allowed
    },
    allow(places) {
      const added = way.allow(places)
      if (added.length > 0 || !isTold) emit({ type: 'egress', host, allowed: [...way.allowed] })
      isTold = true
      return added
    },
  }
}
