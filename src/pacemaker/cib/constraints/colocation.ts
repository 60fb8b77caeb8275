import { element, withAttributes } from '../../xml.ts'
import type { ColocationWanted } from '../constraint_schema.ts'
import { wordAndId } from '../constraint_schema.ts'
import { roleWord } from '../generation.ts'
import { role, scoreText } from '../meaning.ts'
import type { Constraint, ReadKey } from './kind.ts'
import { scoreChange } from './location.ts'
import { resolved } from './reference.ts'
import type { Resolve } from './reference.ts'

const key = (rsc: string, rscRole: string | undefined, withRsc: string, withRole: string | undefined) =>
  `${rsc} ${role(rscRole)} with ${withRsc} ${role(withRole)}`

export function colocationConstraint(wanted: ColocationWanted, resolve: Resolve): Constraint {
  const [left, right] = [wordAndId(wanted.resource), wordAndId(wanted.with)]
  const [rsc, withRsc] = [resolved(left.id, resolve, 'colocation'), resolved(right.id, resolve, 'colocation')]
  const strength = scoreText(wanted.score)
  const named = ({ word }: { word: string | undefined }, id: string) =>
    word === undefined ? id : `${role(word)} ${id}`
  return {
    kind: 'rsc_colocation',
    id: wanted.id,
    strength,
    key: key(rsc, left.word, withRsc, right.word),
    text: `colocation: ${named(left, rsc)} with ${named(right, withRsc)}`,
    usualId: `colocation-${rsc}-${withRsc}-${strength}`,
    create: (id, { generation }) => {
      const some = left.word !== undefined || right.word !== undefined
      const word = (own: string | undefined) => (some ? roleWord(own ?? 'Started', generation) : undefined)
      const roles = { 'rsc-role': word(left.word), 'with-rsc-role': word(right.word) }
      return element('rsc_colocation', { id, rsc, 'with-rsc': withRsc, score: strength, ...roles })
    },
    change: (live) => {
      // A colocation without a score has the score 0 (2.0: INFINITY in pcs's own words), so it is always written.
      const changes = scoreChange(live.attributes.score, strength)
      return { element: changes.length > 0 ? withAttributes(live, { score: strength }) : live, changes }
    },
  }
}

/** Resource sets are not declared here, so a constraint that holds them has no key and is left alone. */
export const readColocationKey: ReadKey = (live, resolve) => {
  const { rsc, 'with-rsc': withRsc, 'rsc-role': rscRole, 'with-rsc-role': withRole } = live.attributes
  const [left, right] = [rsc, withRsc].map((id) => (id === undefined ? undefined : resolve(id)))
  if (left === undefined || right === undefined || 'node-attribute' in live.attributes) return undefined
  return key(left, rscRole, right, withRole)
}
