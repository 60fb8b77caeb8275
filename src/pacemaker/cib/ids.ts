import { walk } from '../xml.ts'
import type { XmlElement } from '../xml.ts'

/** Gives out an id that nothing else in the document has: the wanted one, or `-1`, `-2`, … behind it, as pcs does. */
export type ClaimId = (wanted: string) => string

export function idsOf(document: XmlElement): ClaimId {
  const taken = new Set<string>()
  for (const { attributes } of walk(document)) if (attributes.id !== undefined) taken.add(attributes.id)
  return (wanted) => {
    const clean = xmlId(wanted)
    let id = clean
    for (let number = 1; taken.has(id); number++) id = `${clean}-${number}`
    taken.add(id)
    return id
  }
}

/** Takes out what an XML id cannot hold (`@`, `:`, spaces); sanitize_id() of pcs. */
function xmlId(text: string): string {
  return text.replace(/[^\w.-]/g, '').replace(/^[^A-Za-z_]+/, '')
}
