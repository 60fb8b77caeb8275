import { isProtected } from './cib/constraints/section.ts'
import { role, score } from './cib/meaning.ts'
import { child, elements, walk } from './xml.ts'
import type { XmlElement } from './xml.ts'

/** A constraint that somebody or something put there for a while, and that is there still. */
export interface LeftBehind {
  readonly id: string
  readonly resource: string
  /** Where the resource is kept off or drawn to; undefined where a rule says it. */
  readonly node: string | undefined
  /** `fence`: DRBD's handler keeps outdated data from being promoted, and takes it away itself once it is in step. */
  readonly kind: 'ban' | 'prefer' | 'fence'
  /** Where it is about the place of the promoted instance alone. */
  readonly role?: 'Promoted'
  /** When it ceases to have an effect, where it was put there for a time; it stays even then. */
  readonly ends?: Date
}

/** The constraints of `crm_resource --move` and `--ban`, and those of DRBD's fence-peer handler. */
export function leftBehind(cib: XmlElement): LeftBehind[] {
  const constraints = child(child(cib, 'configuration'), 'constraints')
  if (constraints === undefined) return []
  return elements(constraints, 'rsc_location')
    .filter(({ attributes }) => isProtected(attributes.id))
    .map((constraint) => {
      const { id = '', rsc: resource = '', node } = constraint.attributes
      const named = [...walk(constraint)].find((one) => one.attributes.attribute === '#uname')
      return {
        id,
        resource,
        node: node ?? named?.attributes.value,
        kind: kindOf(id, constraint),
        ...(role(constraint.attributes.role) === 'Promoted' ? { role: 'Promoted' as const } : {}),
        ...endOf(constraint),
      }
    })
}

function kindOf(id: string, constraint: XmlElement): LeftBehind['kind'] {
  if (id.startsWith('drbd-fence-by-handler-')) return 'fence'
  const given = [...walk(constraint)].map((one) => one.attributes.score).find((text) => text !== undefined)
  return (score(given ?? '0') ?? 0) < 0 ? 'ban' : 'prefer'
}

/** `2026-11-22 06:40:00Z` and `2026-11-22 06:40:00 +01:00`, as versions write the end of a lifetime. */
function endOf(constraint: XmlElement): { ends?: Date } {
  const text = [...walk(constraint)].find(({ name }) => name === 'date_expression')?.attributes.end
  const found = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d) ?(Z|[+-]\d\d:?\d\d)$/.exec(text ?? '')
  if (found === null) return {}
  const ends = new Date(`${found[1]}T${found[2]}${found[3]}`)
  return Number.isNaN(ends.getTime()) ? {} : { ends }
}
