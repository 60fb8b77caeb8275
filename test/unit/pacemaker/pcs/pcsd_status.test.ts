import { expect, test } from 'vitest'
import { parsePcsdStatus } from '../../../../src/pacemaker/pcs/pcsd_status.ts'

test('what pcs status pcsd says of each node', () => {
  const said = '  server2: Unable to authenticate\n  server1: Online\n  server9: Offline\n'
  expect([...parsePcsdStatus(said)]).toEqual([
    ['server2', 'unauthenticated'],
    ['server1', 'online'],
    ['server9', 'offline'],
  ])
  expect(parsePcsdStatus('Error: no cluster\n').size).toBe(0)
})
