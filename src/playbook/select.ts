import { BringupError } from '../errors.ts'
import { didYouMean } from '../nearest.ts'
import type { Play, PlanOptions, RoleEntry } from './playbook.ts'

/**
 * The plays with those of their roles that `--tags` and `--start-at` leave. As in Ansible, a role tagged `always`
 * stays whatever tags are asked for, and one tagged `never` stays only if one of its other tags is.
 * @throws BringupError TAG_UNKNOWN, also where nothing is left; ROLE_UNKNOWN
 */
export function selectRoles(plays: readonly Play[], { tags = [], startAt }: PlanOptions): Play[] {
  const known = new Set(plays.flatMap((play) => [...play.tags, ...play.roles.flatMap((role) => role.tags)]))
  for (const tag of tags)
    if (!known.has(tag) && tag !== 'all')
      throw new BringupError('TAG_UNKNOWN', `no play or role has the tag "${tag}"${didYouMean(tag, known)}`, {
        remedy: known.size === 0 ? 'The playbook has no tags.' : `Its tags are: ${[...known].join(', ')}.`,
      })
  const wanted = (play: Play, role: RoleEntry): boolean => {
    const own = [...play.tags, ...role.tags]
    const asked = own.some((tag) => tags.includes(tag))
    if (own.includes('never')) return asked
    return asked || tags.length === 0 || tags.includes('all') || own.includes('always')
  }
  const started = startAt === undefined ? () => true : from(plays, startAt)
  const left = plays
    .map((play) => ({ ...play, roles: play.roles.filter((role) => started(role) && wanted(play, role)) }))
    .filter((play) => play.roles.length > 0)
  if (left.length > 0) return left
  throw new BringupError('TAG_UNKNOWN', 'no role is left to run', {
    seen:
      startAt === undefined ? 'all of them are tagged never' : `none from ${startAt} on has one of the tags`,
    remedy: 'Ask for other tags, or start elsewhere.',
  })
}

function from(plays: readonly Play[], startAt: string): (role: RoleEntry) => boolean {
  const all = plays.flatMap((play) => play.roles)
  const first = all.findIndex((entry) => entry.role === startAt)
  if (first >= 0) return (role) => all.indexOf(role) >= first
  const names = new Set(all.map((entry) => entry.role))
  throw new BringupError(
    'ROLE_UNKNOWN',
    `the playbook has no role "${startAt}"${didYouMean(startAt, names)}`,
    {
      remedy: `Start at one of: ${[...names].join(', ')}.`,
    },
  )
}
