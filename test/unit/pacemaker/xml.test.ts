import fc from 'fast-check'
import { expect, test } from 'vitest'
import { element, parseXml, renderXml } from '../../../src/pacemaker/xml.ts'
import type { XmlElement, XmlNode } from '../../../src/pacemaker/xml.ts'
import { fixture, PACEMAKERS } from './fixture.ts'

const name = fc.stringMatching(/^[a-z][a-z_-]{0,8}$/)
const text = fc.string({ unit: fc.constantFrom('a', '"', '<', '&', '>', "'", '\n', '\t', 'é', ' ') })

const tree: fc.Arbitrary<XmlElement> = fc.letrec<{ element: XmlElement; node: XmlNode }>((tie) => ({
  node: fc.oneof({ maxDepth: 3 }, fc.record({ comment: fc.stringMatching(/^[a-z ]{0,9}$/) }), tie('element')),
  element: fc
    .tuple(
      name,
      fc.dictionary(name, text, { noNullPrototype: true }),
      fc.array(tie('node'), { maxLength: 3 }),
    )
    .map(([tag, attributes, children]) => element(tag, attributes, children)),
})).element

test('what is rendered is read back, comments and odd characters included', () => {
  fc.assert(
    fc.property(tree, (root) => {
      expect(parseXml(renderXml(root))).toEqual(root)
    }),
  )
})

test.each(PACEMAKERS)('the CIB of pacemaker %s comes through unchanged', (version) => {
  const live = fixture(`pacemaker-${version}/cib.xml`)
  expect(renderXml(parseXml(live))).toBe(live)
})

test('text and comments between elements', () => {
  expect(renderXml(parseXml('<a><!-- why --><b>one &amp; two</b></a>'))).toMatchInlineSnapshot(`
    "<a>
      <!-- why -->
      <b>one &amp; two</b>
    </a>
    "
  `)
})

test.each(['', 'Error: unable to get cib', '<cib><unclosed></cib>'])('no XML is an error: %j', (said) => {
  expect(() => parseXml(said, 'cibadmin')).toThrow(expect.objectContaining({ code: 'COMMAND_FAILED' }))
})
