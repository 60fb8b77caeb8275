import type * as z from 'zod'
import { emptyCib } from '../../../../src/pacemaker/cib/empty.ts'
import { reconcile } from '../../../../src/pacemaker/cib/reconcile.ts'
import { cibSchema } from '../../../../src/pacemaker/cib/schema.ts'
import type { Cib } from '../../../../src/pacemaker/cib/schema.ts'
import { child, renderXml } from '../../../../src/pacemaker/xml.ts'
import type { XmlElement } from '../../../../src/pacemaker/xml.ts'

export function wanted(input: z.input<typeof cibSchema>): Cib {
  return cibSchema.parse(input)
}

/** The differences as an operator reads them. */
export function texts(live: XmlElement, input: z.input<typeof cibSchema>): string[] {
  return reconcile(live, wanted(input)).differences.map(({ text }) => text)
}

/** A live CIB that was made from a declaration. */
export function made(input: z.input<typeof cibSchema>): XmlElement {
  return reconcile(emptyCib(), wanted(input)).cib
}

export function section(cib: XmlElement, name: string): string {
  const found = child(child(cib, 'configuration'), name)
  return found === undefined ? '' : renderXml(found)
}

export const DUMMY = { agent: 'ocf:pacemaker:Dummy' }
