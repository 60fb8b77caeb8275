import { expect, test } from 'vitest'
import { parseExtraVars } from '../../../src/inventory/extra_vars.ts'
import { errorsOf, project } from '../../support/project.ts'

const valuesOf = (given: string[], cwd = '/'): Record<string, unknown> =>
  Object.fromEntries([...parseExtraVars(given, cwd)].map(([name, { value }]) => [name, value]))

test.each([
  [['name=prod'], { name: 'prod' }],
  [
    ['n=3', 'f=1.5', 'yes=true', 'nothing=null', 'empty='],
    { n: 3, f: 1.5, yes: true, nothing: null, empty: '' },
  ],
  [['list=[a, b]', 'map={ a: 1 }', 'text="3"'], { list: ['a', 'b'], map: { a: 1 }, text: '3' }],
  [['url=http://x/?a=b'], { url: 'http://x/?a=b' }],
  [['a=1', 'a=2'], { a: 2 }],
])('%j', (given, values) => expect(valuesOf(given)).toEqual(values))

test('a file of them, and a secret by where it is', () => {
  const cwd = project({ 'site.yml': 'a: 1\nb: { c: [2] }\n' })
  expect(valuesOf(['@site.yml', 'a=5'], cwd)).toEqual({ a: 5, b: { c: [2] } })
  const vars = parseExtraVars(['@site.yml', 'password=!env PASSWORD'], cwd)
  expect(vars.get('b')).toMatchObject({
    source: '-e @site.yml',
    at: { file: 'site.yml', line: 2, column: 4 },
  })
  expect(vars.get('password')).toMatchObject({ source: '-e', value: { origin: 'environment PASSWORD' } })
})

test('what is wrong is told', async () => {
  const given = ['name', '=x', 'a=[1', 'b={ x: 1, x: 2 }', '@no.yml', '1=2']
  expect(await errorsOf(() => parseExtraVars(given, '/'))).toMatchInlineSnapshot(`
    "-e takes key=value, or @file.yml [USAGE]
      next      Write for example: -e cluster_name=prod, or -e @site.yml.
    no.yml is not there [FILE_UNREADABLE]
      next      Check the path, and the directory you are in.
    -e:1:5 something is missing before here: a closing quote or bracket, a comma, or a ":" [YAML_SYNTAX]
      next      Close what is open above this place.
    -e:1:11 the key "x" is here a second time [YAML_SYNTAX]
      next      Keep one; the first is in line 1."
  `)
})
