import { execFileSync } from 'node:child_process'
import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { raiseLab } from '../../../scripts/lab/raise.ts'
import type { Lab } from '../../../scripts/lab/raise.ts'
import { endOf, engineProject, runEnd } from '../../support/engine_project.ts'
import { until } from '../../support/until.ts'
import { connectLab, processes } from '../connection/lab_host.ts'

let lab: Lab
beforeAll(async () => void (lab = await raiseLab({ nodes: 2 })))
afterAll(() => lab?.down())

const PORTS = 'bridge link show'

/** The lab's end of a node's cable. */
function cable(node: string, state: 'up' | 'down'): void {
  const { address } = lab.nodes.find(({ name }) => name === node)!
  const inLab = (script: string): string =>
    execFileSync('nsenter', [`--net=${lab.netns}`, 'sh', '-euc', script], { encoding: 'utf8' })
  if (state === 'up')
    return void inLab(
      `for port in $(${PORTS} | cut -d ' ' -f 2 | cut -d @ -f 1); do ip link set $port up; done`,
    )
  const script = `ping -q -c 1 ${address} >/dev/null 2>&1 || true
mac=$(ip neigh show ${address} | sed 's/.*lladdr //; s/ .*//')
ip link set $(bridge fdb show br br0 | sed -n "s/^$mac dev \\([^ ]*\\) .*/\\1/p" | head -n 1) down`
  inLab(script)
}

/** What a silent connection is told as. */
const SILENT = {
  code: 'CONNECTION_LOST',
  details: {
    seen: 'the host has not answered for 20 s',
    remedy: expect.stringContaining('Run again') as string,
  },
}

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no failure',
    (error: unknown) => error,
  )

test('a host that hangs, and one whose packets are lost, are given up in the midst of anything', async () => {
  const site = engineProject(lab, {
    long: `
  async run({ nodes }) {
    await nodes.each(async (node) => {
      await node.task('long', { met: async () => false, apply: ({ $ }) => $\`sleep 8200\` })
    })
  },`,
  })
  const remotes = await Promise.all([1, 2].map(() => connectLab(lab, 'server1')))
  const [sending, fetching] = remotes
  const endless = Readable.from(
    (async function* () {
      for (;;) {
        yield Buffer.alloc(50_000)
        await delay(20)
      }
    })(),
  )
  const run = site.start()
  await Promise.all(
    ['server1', 'server2'].map((node) =>
      until(async () => (await processes(lab, node, 'sleep 8200')).length > 0),
    ),
  )
  const upload = failureOf(sending!.upload(endless, '/dev/shm/endless'))
  const slowly = async (content: Readable): Promise<void> => {
    for await (const chunk of content) await delay((chunk as Buffer).length / 5000)
  }
  const download = failureOf(fetching!.download('/dev/zero').then(slowly))
  await until(async () => (await processes(lab, 'server1', 'cat')).length > 1)
  await until(async () => (await lab.exec('server1', ['test', '-s', '/dev/shm/endless'])).exitCode === 0)
  await lab.pause('server1')
  cable('server2', 'down')
  const login = failureOf(connectLab(lab, 'server1'))
  try {
    expect(await upload).toMatchObject(SILENT)
    expect(await download).toMatchObject(SILENT)
    expect(await login).toMatchObject({ code: 'UNREACHABLE' })
    const { exitCode, events, output } = await run.ended
    expect(exitCode, output).toBe(4)
    expect(endOf(events, 'server1', 'long').error).toMatchObject({ ...SILENT.details, code: SILENT.code })
    expect(endOf(events, 'server2', 'long').error).toMatchObject({ ...SILENT.details, code: SILENT.code })
    expect(runEnd(events)).toMatchObject({ outcome: 'unreachable', exitCode: 4 })
  } finally {
    cable('server2', 'up')
    await lab.resume('server1')
    await Promise.all(remotes.map((remote) => remote.close()))
  }
})
