import { expect, test } from 'vitest'
import { sectionOf, withSection } from '../../../scripts/bench/page_section.ts'

const PAGE = `# Page

## First

one

## Second

two
`

test('a section is from its heading to the next one', () => {
  expect(sectionOf(PAGE, 'First')).toBe('## First\n\none\n\n')
  expect(sectionOf(PAGE, 'Second')).toBe('## Second\n\ntwo\n')
  expect(sectionOf(PAGE, 'Third')).toBeNull()
  expect(sectionOf(PAGE, 'Fir')).toBeNull()
})

test('it is replaced, and nothing else', () => {
  expect(withSection(PAGE, 'First', '## First\n\nnew\n\n', 'Second')).toBe(PAGE.replace('one', 'new'))
  expect(withSection(PAGE, 'Second', '## Second\n\nnew\n', 'First')).toBe(PAGE.replace('two', 'new'))
})

test('one that was not there comes before another, or last', () => {
  const page = withSection(PAGE, 'New', '## New\n\nnew\n\n', 'Second')
  expect(page).toBe(PAGE.replace('## Second', '## New\n\nnew\n\n## Second'))
  expect(withSection(page, 'New', '', 'Second')).toBe(PAGE)
  expect(withSection(PAGE, 'New', '## New\n', 'Nowhere')).toBe(`${PAGE}## New\n`)
})

test('a page that is written anew keeps the section that it had', () => {
  const before = withSection(PAGE, 'New', '## New\n\nkept\n\n', 'Second')
  const anew = PAGE.replace('one', 'measured again')
  expect(withSection(anew, 'New', sectionOf(before, 'New') ?? '', 'Second')).toBe(
    before.replace('one', 'measured again'),
  )
})
