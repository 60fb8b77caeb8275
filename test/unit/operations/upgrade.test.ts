import { expect, test } from 'vitest'
import { upgrade } from '../../../src/operations/upgrade.ts'
import { isKernel } from '../../../src/operations/upgrade_state.ts'
import type { Update, Updates } from '../../../src/operations/upgrade_state.ts'

const due = (updates: readonly Update[] | null, cutOff = false): Updates => ({
  due: updates,
  cutOff,
  kernelPlanned: false,
})
const want = upgrade.params.parse({})
const summaries = (now: Updates): string[] => upgrade.plan(now, want).map(({ summary }) => summary)
const tool = { name: 'tool', from: '1.0', to: '1.2' }
const kernel = { name: 'linux-image-6.1.0-44-amd64', from: null, to: '6.1.164-1' }

test.each([
  [due([]), []],
  [due([tool]), ['update 1 package: tool']],
  [
    due(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => ({ ...tool, name }))),
    ['update 7 packages: a, b, c, d, e and 2 more'],
  ],
  [
    due([tool, kernel, { name: 'linux-image-amd64', from: '6.1.147-1', to: '6.1.164-1' }]),
    [
      'update 1 package: tool',
      'update the kernel: linux-image-6.1.0-44-amd64 6.1.164-1, linux-image-amd64 6.1.147-1 → 6.1.164-1',
    ],
  ],
  [due([], true), ['complete an installation that was cut off']],
  [due(null), ['update what is older than in the package sources; not known yet what']],
])('%j', (now, said) => {
  expect(summaries(now)).toEqual(said)
  expect(summaries(upgrade.after(now, want))).toEqual([])
})

test('versions before and after are a diff', () => {
  expect(upgrade.plan(due([tool, { name: 'new', from: null, to: '2.0' }]), want)[0]?.diff).toEqual({
    path: 'packages',
    before: 'tool 1.0\n',
    after: 'tool 1.2\nnew 2.0\n',
  })
})

test('a kernel that is planned is known to what comes after in a check', () => {
  expect(upgrade.after(due([tool]), want).kernelPlanned).toBe(false)
  expect(upgrade.after(due([tool, kernel]), want).kernelPlanned).toBe(true)
})

test.each([
  ['linux-image-amd64', true],
  ['kernel', true],
  ['kernel-core', true],
  ['vzkernel', true],
  ['kernel-uek', true],
  ['kernel-headers', false],
  ['vzkernel-devel', false],
  ['kernel-tools', false],
  ['linux-libc-dev', false],
])('%s is a kernel: %s', (name, is) => expect(isKernel({ name })).toBe(is))
