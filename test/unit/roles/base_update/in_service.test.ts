import { expect, test } from 'vitest'
import { inService } from '../../../../roles/base_update/in_service.ts'
import type { BlockDevice } from '../../../../src/facts/facts.ts'

const device = (path: string, type: BlockDevice['type']): BlockDevice => ({
  path,
  type,
  size: 1,
  readOnly: false,
  parent: null,
  signature: null,
  uuid: null,
  label: null,
  mountpoints: [],
})
const active = (state: string) => ({ active: state, enabled: 'disabled' })

test.each([
  [{}, [], null],
  [{ corosync: active('inactive'), pacemaker: active('failed') }, [device('/dev/vda', 'disk')], null],
  [{ corosync: active('active') }, [], /^corosync runs here/],
  [{ corosync: active('failed'), pacemaker: active('active') }, [], /^pacemaker runs here/],
  [{}, [device('/dev/vda', 'disk'), device('/dev/drbd0', 'drbd')], /^DRBD is in use here: \/dev\/drbd0$/],
])('%j %j: %s', (services, blockDevices, why) => {
  const said = inService({ services, blockDevices })
  if (why === null) expect(said).toBeNull()
  else expect(said).toMatch(why)
})
