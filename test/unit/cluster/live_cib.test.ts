import { expect, test } from 'vitest'
import { liveCib } from '../../../src/cluster/live_cib.ts'
import type { Remote } from '../../../src/connection/remote.ts'
import { BringupError } from '../../../src/errors.ts'
import type { Host } from '../../../src/inventory/inventory.ts'

const answer = (dc: boolean, code = 0) => ({
  code,
  stdout: Buffer.from(
    code === 0
      ? `<cib dc-uuid="1"/>\n<<<\n<pacemaker-result><summary><current_dc present="${dc}" name="x"/></summary></pacemaker-result>\n`
      : '',
  ),
  stderr: Buffer.from(code === 0 ? '' : 'Could not connect'),
})

/** Asks hosts that behave so, in order; tells who was connected, and who was not closed. */
async function asked(...behaviours: ('away' | 'stopped' | 'no DC' | 'runs')[]) {
  const connected: string[] = []
  const open = new Set<string>()
  const hosts = behaviours.map((_, index) => ({ name: `server${index + 1}` }) as Host)
  const connect = async ({ name }: Host): Promise<Remote> => {
    const behaviour = behaviours[Number(name.slice(6)) - 1]
    connected.push(name)
    if (behaviour === 'away') throw new BringupError('UNREACHABLE', `${name} does not answer`)
    open.add(name)
    return {
      run: async () => (behaviour === 'stopped' ? answer(false, 102) : answer(behaviour === 'runs')),
      close: async () => void open.delete(name),
    } as unknown as Remote
  }
  try {
    const { host, missed } = await liveCib(hosts, connect)
    return { host, missed: missed.map(({ code }) => code), connected }
  } catch (error) {
    return { exitCode: (error as BringupError).exitCode, message: (error as Error).message, connected }
  } finally {
    expect([...open]).toEqual([])
  }
}

test('the first host that runs it is asked, and no other after it', async () => {
  expect(await asked('runs', 'runs')).toEqual({ host: 'server1', missed: [], connected: ['server1'] })
  expect(await asked('stopped', 'away', 'no DC', 'runs', 'runs')).toEqual({
    host: 'server4',
    missed: ['COMMAND_FAILED', 'UNREACHABLE', 'COMMAND_FAILED'],
    connected: ['server1', 'server2', 'server3', 'server4'],
  })
})

test('where none runs it: 2; where one that could not be reached might: 4', async () => {
  expect(await asked('stopped', 'no DC')).toMatchObject({
    exitCode: 2,
    message: 'the cluster does not run on server1\nthe cluster of server2 has no DC',
  })
  expect(await asked('stopped', 'away')).toMatchObject({
    exitCode: 4,
    message: 'server2 does not answer\nthe cluster does not run on server1',
  })
})
