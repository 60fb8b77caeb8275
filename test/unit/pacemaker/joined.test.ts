import { expect, test } from 'vitest'
import { parseCrmMon } from '../../../src/pacemaker/crm_mon.ts'
import { joined } from '../../../src/pacemaker/joined.ts'

const status = (dc: string, ...nodes: string[]) =>
  parseCrmMon(`<crm_mon version="2.1.5"><summary>${dc}</summary><nodes>${nodes.join('')}</nodes></crm_mon>`)

const DC = '<current_dc present="true" version="2.1.5" name="server1" id="1" with_quorum="true"/>'
const node = (name: string, online: boolean, pending = false) =>
  `<node name="${name}" id="1" online="${online}" standby="false" standby_onfail="false" maintenance="false" pending="${pending}" unclean="false" shutdown="false" expected_up="${online}" is_dc="false" resources_running="0" type="member"/>`

test.each([
  ['a member', status(DC, node('server1', true), node('server2', true)), true],
  [
    'one without a DC',
    status('<current_dc present="false"/>', node('server2', true)),
    'its cluster has no DC',
  ],
  [
    'one that has the configuration, and is not yet let in',
    status(DC, node('server1', true), node('server2', false)),
    'its cluster has server2 offline',
  ],
  [
    'one that is being let in',
    status(DC, node('server1', true), node('server2', true, true)),
    'its cluster has server2 pending',
  ],
  ['one that the cluster knows by another name', status(DC, node('server1', true)), true],
])('%s', (_, seen, expected) => {
  expect(joined(seen, 'server2')).toBe(expected)
})
