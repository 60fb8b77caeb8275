import type { Node } from 'bringup'
import { expect, test } from 'vitest'
import { takeDown } from '../../../roles/drbd_module/take_down.ts'
import type { DrbdModuleVars } from '../../../roles/drbd_module/vars.ts'

interface Machine {
  /** Of what is loaded, and of the file that would be. */
  readonly loaded: string
  readonly file: string
  readonly devices: readonly string[]
  readonly daemons: 'active' | 'inactive'
  readonly standby: boolean
  /** As /proc/drbd of 8.4 has it. */
  readonly drbd: string
}

const READY: Machine = {
  loaded: 'old',
  file: 'new',
  devices: ['drbd0'],
  daemons: 'active',
  standby: true,
  drbd: 'cs:Connected ro:Secondary/Primary ds:UpToDate/UpToDate',
}

/** What is done to such a machine. */
async function done(machine: Machine): Promise<string[]> {
  const acts: string[] = []
  const answer = (command: string): string => {
    if (command.startsWith('systemctl is-active')) return `${machine.daemons}\n${machine.daemons}\n`
    if (command.includes('crm_mon'))
      return `<pacemaker-result><summary><current_dc present="true" name="server2" with_quorum="true"/></summary><nodes><node name="server1" id="1" online="true" standby="${machine.standby}" standby_onfail="false" maintenance="false" pending="false" unclean="false" shutdown="false" expected_up="true" is_dc="false" resources_running="0" type="member"/></nodes></pacemaker-result>`
    return `version: 8.4.11 (api:1/proto:86-101)\nsrcversion: ${machine.loaded}\n\n 0: ${machine.drbd} C r-----\n    ns:0 nr:0 dw:0 dr:0 al:0 bm:0 lo:0 pe:0 ua:0 ap:0 ep:1 wo:f oos:0\n`
  }
  const textOf = (strings: readonly string[], values: readonly unknown[]): string =>
    strings.map((part, index) => `${part}${values.slice(index, index + 1).join('')}`).join('')
  const read = (first: unknown, ...values: unknown[]): unknown =>
    Array.isArray(first) ? Promise.resolve({ exitCode: 0, stdout: answer(textOf(first, values)) }) : read
  const shell = Object.assign(
    async (strings: TemplateStringsArray, ...values: unknown[]) =>
      void acts.push(textOf(strings, values).trim()),
    { read },
  )
  const look = [
    'kernel\t6.1',
    `loaded\tdrbd\t8.4.11\t${machine.loaded}`,
    `file\tdrbd\t8.4.11\t${machine.file}`,
    ...machine.devices.map((device) => `device\t${device}`),
  ].join('\n')
  const context = {
    facts: { kernel: { release: '6.1' } },
    remote: { run: async () => ({ code: 0, stdout: Buffer.from(look), stderr: Buffer.from('') }) },
    $: shell,
  }
  const node = {
    name: 'server1',
    task: async (
      _name: string,
      { met, apply }: { met: (c: unknown) => Promise<unknown>; apply: (c: unknown) => Promise<void> },
    ) => {
      if ((await met(context)) !== true) await apply(context)
    },
  }
  await takeDown(node as unknown as Node<DrbdModuleVars>, ['drbd'])
  return acts
}

test('DRBD is taken down for another module, on a node in standby whose data another one has', async () => {
  expect(await done(READY)).toEqual(['drbdadm down all </dev/null'])
  expect(await done({ ...READY, daemons: 'inactive', standby: false })).toEqual([
    'drbdadm down all </dev/null',
  ])
})

test('it stays up where its module is the right one, and nothing is done where it is down', async () => {
  expect(await done({ ...READY, file: 'old' })).toEqual([])
  expect(await done({ ...READY, devices: [] })).toEqual([])
})

test.each<[string, Partial<Machine>, RegExp]>([
  ['the node may run resources', { standby: false }, /runs here/],
  [
    'it is Primary',
    { daemons: 'inactive', drbd: 'cs:Connected ro:Primary/Secondary ds:UpToDate/UpToDate' },
    /is Primary/,
  ],
  [
    'the other has not all data',
    { drbd: 'cs:SyncSource ro:Secondary/Secondary ds:UpToDate/Inconsistent' },
    /nobody else is known to have/,
  ],
  [
    'the other is not there',
    { drbd: 'cs:WFConnection ro:Secondary/Unknown ds:UpToDate/DUnknown' },
    /nobody else is known to have/,
  ],
])('it is not taken down where %s', async (_what, more, seen) => {
  await expect(done({ ...READY, ...more })).rejects.toMatchObject({
    code: 'REFUSED',
    details: { seen: expect.stringMatching(seen) as string },
  })
})
