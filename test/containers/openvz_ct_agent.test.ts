import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { bringupRun } from '../support/bringup.ts'
import { openvzNode } from '../support/openvz_node.ts'
import type { AgentAnswer, OpenvzNode } from '../support/openvz_node.ts'

// Against the stand-in for OpenVZ 7: its containers are real ones of systemd-nspawn.
let node: OpenvzNode
let id: string

beforeAll(async () => {
  node = await openvzNode()
  const args = ['test/containers/openvz_agent.yml', '-i', node.lab.inventory, '-e', 'openvz_started_by=boot']
  const { exitCode, output } = await bringupRun(args)
  expect(exitCode, output).toBe(0)
})
afterAll(() => node?.lab.down())

beforeEach(async () => {
  await node.fresh('STOP_TIMEOUT=1')
  await node.sh('systemctl start prl-disp')
  // Made elsewhere: it is on the storage, and unknown to this node.
  id = await node.create('test1')
  await node.sh(`vzctl unregister ${id}`)
})

const act = (
  action: string,
  call: { timeout?: number; path?: string; params?: Record<string, string> } = {},
) =>
  node.act(action, {
    agent: 'openvz_ct',
    ...call,
    params: { ctid: id, private: `/vz/private/${id}`, ...call.params },
  })

const OK: AgentAnswer = { code: 0, reason: '' }
const NOT_RUNNING: AgentAnswer = { code: 7, reason: '' }
const status = (): Promise<string> => node.sh(`vzctl status ${id}`)

test.for(['dash', 'bash'])('ocf-tester finds nothing, with %s as sh', async (shell) => {
  const params = { ctid: id, private: `/vz/private/${id}` }
  expect(await node.ocfTester('openvz_ct', shell, params)).toContain('passed all tests')
})

test('it registers a container as it starts and unregisters it as it stops', async () => {
  expect(await act('monitor')).toEqual(NOT_RUNNING)
  for (const _ of ['once', 'and again']) {
    expect(await act('start')).toEqual(OK)
    expect([await act('monitor'), await node.running()]).toEqual([OK, 'test1 running'])
  }
  for (const _ of ['once', 'and again']) {
    expect(await act('stop')).toEqual(OK)
    expect([await act('monitor'), await status()]).toEqual([NOT_RUNNING, `VEID ${id} deleted unmounted down`])
  }
  expect(await node.sh('pgrep -c systemd-nspawn; :')).toBe('0')
})

test('one that was suspended counts as stopped, and is resumed', async () => {
  await act('start')
  await node.sh(`vzctl suspend ${id}`)
  expect(await act('monitor')).toEqual(NOT_RUNNING)
  expect(await act('stop')).toEqual(OK)
  await node.sh(`test -e /vz/private/${id}/dump/Dump`)
  expect(await act('start')).toEqual(OK)
  expect(await status()).toBe(`VEID ${id} exist mounted running`)
})

test('one that does not end by itself is killed', async () => {
  await node.sh(`touch /vz/private/${id}/fs/etc/stubborn`)
  await act('start')
  expect(await act('stop')).toEqual(OK)
  expect(await node.sh('pgrep -c systemd-nspawn; :')).toBe('0')
})

test('a stop fails while the container cannot be killed', async () => {
  await node.sh(`touch /vz/private/${id}/fs/etc/stubborn /vz/private/${id}/unkillable`)
  await act('start')
  expect(await act('stop', { timeout: 8 })).toEqual({
    code: 1,
    reason: `vzctl --skiplock stop ${id} --fast failed: Unable to stop the Container: operation timed out`,
  })
  expect(await node.running()).toBe('test1 running')
})

test('what is mounted and does not run is unmounted', async () => {
  await act('start')
  await node.sh(
    `systemctl kill -s KILL openvz-ct@${id}; while systemctl is-active -q openvz-ct@${id}; do sleep 0.1; done`,
  )
  expect([await act('monitor'), await status()]).toEqual([NOT_RUNNING, `VEID ${id} exist mounted down`])
  expect(await act('stop')).toEqual(OK)
  expect(await node.sh('grep -c " /vz/" /proc/self/mounts; :')).toBe('0')
})

describe('on storage that nodes see at the same time', () => {
  beforeEach(async () => {
    await node.sh(`echo STANDIN_SHARED=yes >>/etc/vz/vz.conf; echo another >/vz/private/${id}/.owner`)
  })

  test("it takes no other node's container, unless it is told to", async () => {
    expect(await act('start')).toEqual({
      code: 1,
      reason: expect.stringContaining(
        'Owner check failed on the server; Container is registered for another',
      ),
    })
    expect(await node.running()).toBe('')
    expect(await act('start', { params: { force_register: 'true' } })).toEqual(OK)
    expect(await node.running()).toBe('test1 running')
  })
})

test('without the storage a probe finds it stopped, and a start says what is missing', async () => {
  await node.sh('umount /vz')
  expect(await act('monitor')).toEqual(NOT_RUNNING)
  expect(await act('stop')).toEqual(OK)
  expect(await act('start')).toEqual({
    code: 1,
    reason: `there is no /vz/private/${id}/ve.conf: the resource that brings the storage must come before`,
  })
})

// Stubs of vzctl and vzlist, for what the stand-in does not do.
describe('what the tools say is taken for what it is', () => {
  const stub = (name: string, script: string): Promise<string> =>
    node.sh(
      `mkdir -p /root/stub && printf '#!/bin/sh\\n%s\\n' '${script}' >/root/stub/${name} && chmod 755 /root/stub/${name}`,
    )
  beforeEach(() => node.sh('rm -rf /root/stub').then(() => undefined))

  test('a vzctl that fails is not a container that is stopped', async () => {
    await stub('vzctl', 'echo "Unable to open /dev/vzctl" >&2; exit 1')
    for (const action of ['monitor', 'start', 'stop'])
      expect(await act(action, { path: '/root/stub' }), action).toEqual({
        code: 1,
        reason: expect.stringContaining('Unable to open /dev/vzctl'),
      })
  })

  test('one that vzctl calls deleted, and that runs all the same', async () => {
    await stub('vzctl', `echo "VEID ${id} deleted unmounted down"`)
    await stub('vzlist', `echo ${id}`)
    for (const action of ['monitor', 'start', 'stop'])
      expect(await act(action, { path: '/root/stub' }), action).toEqual({
        code: 1,
        reason: expect.stringContaining(`it runs, but VEID ${id} deleted`),
      })
  })

  test('one that is paused is broken; stopping kills it', async () => {
    const text = `case $* in *"stop ${id} --fast") touch /root/stub/down ;; status*) if [ -e /root/stub/down ]; then echo "VEID ${id} exist unmounted down"; else echo "VEID ${id} exist mounted paused"; fi ;; esac`
    await stub('vzctl', text)
    expect(await act('monitor', { path: '/root/stub' })).toEqual({
      code: 1,
      reason: `container ${id} is paused: vzctl resume ${id}`,
    })
    expect(await act('stop', { path: '/root/stub' })).toEqual(OK)
  })
})

test('without the tools a probe says that it is not installed, and a stop fails only where it still runs', async () => {
  await act('start')
  await node.sh('mv /usr/sbin/vzctl /root/vzctl')
  try {
    const missing = { code: 5, reason: 'vzctl is missing: OpenVZ 7 is not installed' }
    expect(await act('monitor')).toEqual(missing)
    expect(await act('stop')).toEqual(missing)
    await node.fresh()
    expect(await act('stop')).toEqual(OK)
  } finally {
    await node.sh('mv /root/vzctl /usr/sbin/vzctl')
  }
})

test.for([
  ['a name', { ctid: 'test1' }],
  ['braces', { ctid: '{7b049aeb-0bf4-4726-a596-380d8d8ba794}' }],
  ['a relative path', { private: 'private/x' }],
] as const)('%s is refused', async ([, params]) => {
  expect((await act('validate-all', { params })).code).toBe(6)
})
