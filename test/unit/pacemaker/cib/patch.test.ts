import { expect, test } from 'vitest'
import { patchOutcome } from '../../../../src/pacemaker/cib/patch.ts'

/** What real clusters of pacemaker 2.0.5, 2.1.5 and 3.0.0 answered; see the table in patch.ts. */
test.each([
  [0, '', 'sent'],
  [103, 'Call cib_apply_diff failed (-205): Update was older than existing configuration', 'moved on'],
  [103, 'Call cib_apply_diff failed: Update was older than existing configuration', 'moved on'],
  [1, 'Call cib_apply_diff failed (-206): Application of an update diff failed', 'moved on'],
  [1, 'Call cib_apply_diff failed: Application of update diff failed', 'moved on'],
  [
    78,
    'Call cib_apply_diff failed (-203): Update does not conform to the configured schema\n<cib epoch="1">\n  <x/>\n</cib>',
    'invalid',
  ],
  [90, 'error: Resource start-up disabled since no STONITH resources have been defined', 'invalid'],
  [102, 'Could not connect to the CIB: Transport endpoint is not connected', 'unknown'],
  [124, 'Call cib_apply_diff failed: Timer expired', 'unknown'],
  [91, '', 'failed'],
  [98, "cd: can't cd to /tmp/x", 'failed'],
  [13, '', 'failed'],
] as const)('exit status %i, %j: %s', (code, stderr, kind) => {
  expect(patchOutcome(code, stderr).kind).toBe(kind)
})

test('of the CIB that cibadmin prints beside its complaint, nothing is shown', () => {
  const outcome = patchOutcome(
    78,
    'Call failed: schema\n<cib>\n  <nvpair name="password" value="hunter2"/>\n</cib>',
  )
  expect(outcome).toEqual({ kind: 'invalid', text: 'Call failed: schema' })
})
