import { BringupError } from 'bringup'
import { decideRejoin } from '../../src/drbd/rejoin/decide.ts'
import type { Rejoin } from '../../src/drbd/rejoin/decide.ts'
import { lacksModule } from '../../src/drbd/rejoin/forbidden_by_target.ts'
import { forbiddenBySurvivors } from '../../src/drbd/rejoin/forbidden_by_survivors.ts'
import type { ComingVolume } from '../../src/drbd/rejoin/question.ts'
import { lookAll } from './look.ts'
import type { Parties } from './parties.ts'

/** `later`: in check mode, where the DRBD of the survivors is not there yet. */
export type Decision = Exclude<Rejoin, { kind: 'refused' }> | { readonly kind: 'later' }

/**
 * How the node comes back, from what all nodes say now.
 * @throws BringupError REFUSED with the fact that forbids it
 */
export async function decide({ resource, target, survivors }: Parties, check: boolean): Promise<Decision> {
  const asked = await lookAll(resource, target, survivors, target.vars.drbd_versions)
  if (check && lacksModule(asked)) {
    const [objection] = forbiddenBySurvivors(asked)
    if (objection !== undefined) throw refused(resource.name, target.name, objection)
    return { kind: 'later' }
  }
  const answer = decideRejoin(asked)
  if (answer.kind === 'refused') throw refused(resource.name, target.name, answer)
  return answer
}

function refused(
  resource: string,
  target: string,
  { node, fact, remedy }: { node: string | undefined; fact: string; remedy: string },
): BringupError {
  return new BringupError('REFUSED', `${target} is not brought back to ${resource}`, {
    expected: `all other nodes reached and UpToDate, and nothing on ${target} that they do not have`,
    seen: node === undefined ? fact : `${node}: ${fact}`,
    remedy,
  })
}

const WAYS: Record<ComingVolume['how'], string> = {
  blank: 'its disk is blank: metadata are made on it, and all is copied to it',
  fresh: 'its metadata are new: all is copied to it',
  anew: 'what is on its disk is lost: metadata are made anew, and all is copied to it',
  same: 'its data are still those of the others',
  partial: 'its data are good: what was written since is copied to it',
  full: 'its data are old: all is copied to it',
}

/** In words, one for each volume. */
export function told({ resource }: Parties, decision: Decision): string[] {
  if (decision.kind !== 'connect') return []
  const { name, volumes } = resource
  return decision.volumes.map(({ volume, how, why }) => {
    const which = volumes.length === 1 ? name : `${name}, volume ${volume}`
    return `${which}: ${WAYS[how]}${why === undefined ? '' : ` (${why})`}`
  })
}
