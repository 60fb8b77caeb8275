import type { RejoinQuestion } from './question.ts'
import { SETTLED, SOURCE, TARGET } from './question.ts'
import { copiesOf, towards, volumeOf } from './seen.ts'

type Asked = Pick<RejoinQuestion, 'resource' | 'target' | 'reports'>

/** Which way data go where the node is connected; `wrong` as soon as one block could go from it to a survivor. */
export type Direction = 'right' | 'wrong' | 'none yet'

export function directionOf(asked: Asked): Direction {
  const { resource, target } = asked
  // Without a disk there is nothing that could go anywhere.
  if (resource.nodes.some((node) => node.name === target && node.diskless)) return 'right'
  const volumes = resource.volumes.map(({ volume }) => directionOfVolume(asked, volume))
  if (volumes.includes('wrong')) return 'wrong'
  return volumes.every((one) => one === 'right') ? 'right' : 'none yet'
}

/** From what both ends say, as each may be a moment ahead of the other. */
export function directionOfVolume(asked: Asked, volume: number): Direction {
  const { target } = asked
  const views = copiesOf(asked).map(({ name }) => ({
    own: towards(asked, target, name, volume),
    theirs: towards(asked, name, target, volume),
  }))
  const isWrong = views.some(({ own, theirs }) => {
    const isTold = TARGET.has(theirs?.replication ?? '')
    // 8.4 may stay a source after the end of a sync that it missed; then nothing is left to copy.
    const isEnd = own?.replication === 'SyncSource' && own.outOfSync === 0
    return isTold || (SOURCE.has(own?.replication ?? '') && !isEnd)
  })
  if (isWrong) return 'wrong'
  const own = views.flatMap((view) => view.own?.replication ?? [])
  if (own.some((replication) => TARGET.has(replication))) return 'right'
  const isThere = volumeOf(asked, target, volume)?.disk === 'UpToDate'
  return isThere && own.some((replication) => SETTLED.has(replication) || SOURCE.has(replication))
    ? 'right'
    : 'none yet'
}
