import { expect, test } from 'vitest'
import { createLineChanges } from '../../../src/report/line_changes.ts'

test('whole at first, then what went and what came; nothing where nothing changed', () => {
  const written: string[] = []
  const next = createLineChanges((text) => written.push(text))
  next('✓ works\n\nrow', '12:00:00')
  next('✓ works\n\nrow', '12:00:02')
  next('✗ broken\n\nrow', '12:00:04')
  expect(written).toEqual(['12:00:00\n✓ works\n\nrow\n', '12:00:04 - ✓ works\n12:00:04 + ✗ broken\n'])
})
