import { expect, test } from 'vitest'
import { powerQuestions, powerState } from '../../../../src/cluster/rejoin/power.ts'
import { parseXml } from '../../../../src/pacemaker/xml.ts'

const device = (id: string, type: string, options: Readonly<Record<string, string>>): string =>
  `<primitive id="${id}" class="stonith" type="${type}"><instance_attributes id="${id}-a">${Object.entries(
    options,
  )
    .map(([name, value]) => `<nvpair id="${id}-${name}" name="${name}" value="${value}"/>`)
    .join('')}</instance_attributes></primitive>`

const cibOf = (...devices: string[]) =>
  parseXml(`<cib><configuration><resources>${devices.join('')}</resources></configuration></cib>`)

const asked = (...devices: string[]) =>
  powerQuestions(cibOf(...devices), 'server2').map(({ input, ...rest }) => ({
    ...rest,
    input: input.reveal(),
  }))

test('each device that names the node is asked with its own options, as Pacemaker hands them over', () => {
  const ipmi = { ip: '10.0.9.2', username: 'root', password: 's3cret', pcmk_host_list: 'server2' }
  expect(
    asked(device('ipmi2', 'fence_ipmilan', { ...ipmi, action: 'reboot', pcmk_reboot_action: 'off' })),
  ).toEqual([
    {
      device: 'ipmi2',
      agent: 'fence_ipmilan',
      input: 'ip=10.0.9.2\nusername=root\npassword=s3cret\naction=status\nnodename=server2\nport=server2\n',
    },
  ])
})

test.each<[string, Readonly<Record<string, string>>, string]>([
  ['a map', { pcmk_host_map: 'server1:7;server2:8' }, 'port=8\n'],
  ['a map with spaces', { pcmk_host_map: 'server1:7 server2:8' }, 'port=8\n'],
  ['an argument of its own', { pcmk_host_list: 'server2', pcmk_host_argument: 'vmname' }, 'vmname=server2\n'],
  ['no argument', { pcmk_host_list: 'server1 server2', pcmk_host_argument: 'none' }, 'nodename=server2\n'],
  ['a plug that is set', { pcmk_host_list: 'server2', plug: '3' }, 'nodename=server2\n'],
])('the plug: %s', (_what, options, end) => {
  expect(asked(device('pdu', 'fence_apc', options))[0]?.input).toMatch(new RegExp(`${end}$`))
})

test('devices of others, those that do not say whose they are, and those without a program are not asked', () => {
  expect(
    asked(
      device('ipmi1', 'fence_ipmilan', { pcmk_host_list: 'server1' }),
      device('virt', 'fence_xvm', {}),
      device('odd', 'external/ipmi', { pcmk_host_list: 'server2' }),
      '<primitive id="vip" class="ocf" provider="heartbeat" type="IPaddr2"/>',
    ),
  ).toEqual([])
})

test('what an agent ends with', () => {
  expect([0, 2, 1, 124].map(powerState)).toEqual(['on', 'off', 'unknown', 'unknown'])
})
