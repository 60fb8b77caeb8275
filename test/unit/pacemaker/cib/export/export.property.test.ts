import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compare, applyTo } from '../../../../../src/pacemaker/cib/reconcile.ts'
import { crmForm } from '../../../../../src/pacemaker/cib/export/crm_form.ts'
import { exportCib } from '../../../../../src/pacemaker/cib/export/export_cib.ts'
import type { ExportedCib } from '../../../../../src/pacemaker/cib/export/export_cib.ts'
import { pcsForm } from '../../../../../src/pacemaker/cib/export/pcs_form.ts'
import { yamlForm } from '../../../../../src/pacemaker/cib/export/yaml_form.ts'
import {
  child,
  isElement,
  parseXml,
  renderXml,
  walk,
  withChildren,
} from '../../../../../src/pacemaker/xml.ts'
import type { XmlElement, XmlNode } from '../../../../../src/pacemaker/xml.ts'
import { blank, live, PASSWORD } from './arbitrary_cib.ts'
import { readVars } from './read_vars.ts'

const runs = { numRuns: Number(process.env['NUM_RUNS'] ?? 60) }

const environment = ({ secrets }: ExportedCib): Record<string, string> =>
  Object.fromEntries(secrets.map(({ variable, secret }) => [variable, secret.reveal()]))

describe('for every CIB that can be declared', { timeout: 60_000 }, () => {
  test('what is printed, read as vars, changes nothing, also where it removes what it does not name', () => {
    fc.assert(
      fc.property(live, (cib) => {
        const exported = exportCib(cib)
        expect(exported.unsaid).toEqual([])
        const wanted = readVars(yamlForm(exported).text, environment(exported))
        expect(compare(wanted, cib)).toEqual([])
        expect(compare({ ...wanted, purge: true }, cib)).toEqual([])
        expect(compare(wanted, parseXml(renderXml(cib)))).toEqual([])
      }),
      runs,
    )
  })

  test('another cluster that is made from it prints the same', () => {
    fc.assert(
      fc.property(live, (cib) => {
        const exported = exportCib(cib)
        const { text } = yamlForm(exported)
        const made = applyTo(
          blank(cib.attributes['validate-with'] ?? ''),
          readVars(text, environment(exported)),
        )
        expect(yamlForm(exportCib(made)).text).toBe(text)
      }),
      runs,
    )
  })

  test('no password is printed', () => {
    fc.assert(
      fc.property(live, (cib) => {
        const exported = exportCib(cib)
        const hasOne = renderXml(cib).includes('name="passwd"')
        expect(exported.secrets.length > 0).toBe(hasOne)
        for (const { text, unsaid } of [yamlForm, pcsForm, crmForm].map((form) => form(exported))) {
          for (const part of PASSWORD.split(/["'$]/)) {
            expect([text, ...unsaid, ...exported.unsaid].join('\n')).not.toContain(part)
          }
        }
      }),
      runs,
    )
  })
})

/** What stands in a CIB besides, at some place in its configuration. */
const foreign = fc.constantFrom<XmlNode | 'attribute'>(
  'attribute',
  { comment: ' ask Kim first ' },
  { name: 'zzz', attributes: { id: 'zzz1', password: PASSWORD }, children: [] },
)

test('what cannot be declared is told, wherever it stands, and what is printed still changes nothing', () => {
  let told = 0
  fc.assert(
    fc.property(live, foreign, fc.nat(), (cib, what, at) => {
      const configuration = child(cib, 'configuration')!
      const places = [...walk(configuration)]
      const place = places[at % places.length]!
      const changed =
        what === 'attribute'
          ? { ...place, attributes: { ...place.attributes, zzz: '1' } }
          : withChildren(place, [...place.children, what])
      const next = exchanged(cib, place, changed)
      const { unsaid, ...exported } = exportCib(next)
      expect(unsaid.join('\n')).toMatch(/zzz|a comment/)
      expect(unsaid.join('\n')).not.toContain('hush')
      const wanted = readVars(yamlForm({ ...exported, unsaid }).text, environment({ ...exported, unsaid }))
      expect(compare(wanted, next)).toEqual([])
      told++
    }),
    runs,
  )
  expect(told).toBeGreaterThan(0)
}, 60_000)

function exchanged(node: XmlElement, old: XmlElement, next: XmlElement): XmlElement {
  if (node === old) return next
  return withChildren(
    node,
    node.children.map((inner) => (isElement(inner) ? exchanged(inner, old, next) : inner)),
  )
}
