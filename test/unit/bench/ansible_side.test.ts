import { expect, test } from 'vitest'
import { changedIn } from '../../../scripts/bench/ansible_side.ts'

const line = (host: string, counts: string): string =>
  `${host.padEnd(27)}: ${counts}    skipped=0    rescued=0\n`

test('what changed is summed over the hosts of the recap', () => {
  const recap = `PLAY RECAP ****\n${line('server1', 'ok=40   changed=3    unreachable=0    failed=0')}${line('server2', 'ok=40   changed=0    unreachable=0    failed=0')}`
  expect(changedIn(recap)).toBe(3)
})

test.each([
  ['a host that failed', line('server1', 'ok=1    changed=0    unreachable=0    failed=1')],
  ['a host that was not reached', line('server1', 'ok=0    changed=0    unreachable=1    failed=0')],
  ['no recap at all', 'ERROR! the playbook could not be found'],
])('%s is no measurement', (_what, output) => {
  expect(() => changedIn(output)).toThrow('the Ansible playbook failed')
})
