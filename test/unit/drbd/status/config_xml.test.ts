import { expect, test } from 'vitest'
import { parseConfigXml } from '../../../../src/drbd/status/config_xml.ts'
import { configOf9 } from '../health/hosts.ts'

test('8.4, as drbd-utils 9.22.0 printed it', () => {
  const xml = `<config file="/etc/drbd.conf">
    <common>
    </common>
    <resource name="r0" conf-file-line="/etc/drbd.d/r0.res:1">
        <host name="server1">
            <volume vnr="0">
                <device minor="0">/dev/drbd0</device>
                <disk>/dev/vdb</disk>
                <meta-disk>internal</meta-disk>
            </volume>
            <address family="ipv4" port="7788">192.168.111.101</address>
        </host>
        <section name="disk">
            <option name="fencing" value="resource-only"/>
            <option name="c-plan-ahead" value="0"/>
        </section>
    </resource>
</config>`
  expect(parseConfigXml(xml)).toEqual([
    {
      name: 'r0',
      hosts: [
        {
          name: 'server1',
          addresses: ['192.168.111.101'],
          volumes: [{ volume: 0, minor: 0, disk: '/dev/vdb' }],
        },
      ],
      fencing: 'resource-only',
      quorum: undefined,
    },
  ])
})

test('9, whose addresses stand in its connections, and a host without a disk', () => {
  const [r0] = parseConfigXml(
    configOf9(['server1', 'server2', 'server3'], '<option name="quorum" value="majority"/>'),
  )
  expect(r0?.quorum).toBe('majority')
  expect(r0?.hosts.map(({ addresses, volumes }) => [addresses, volumes[0]?.disk])).toEqual([
    [['10.0.0.1'], '/dev/vdb'],
    [['10.0.0.2'], '/dev/vdb'],
    [['10.0.0.3'], 'none'],
  ])
})
