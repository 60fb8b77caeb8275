import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Lab } from '../lab/handle.ts'
import { local } from '../lab/local.ts'
import { network } from '../lab/network.ts'
import type { BenchHost } from './bench_lab.ts'
import type { Milliseconds } from './timed.ts'

/** How the hosts are reached. */
export interface Way extends AsyncDisposable {
  readonly kind: 'direct' | 'netem' | 'relay'
  /** The hosts, with the addresses to connect to. */
  readonly hosts: readonly BenchHost[]
}

/** A way to these hosts on which each round trip takes this much longer. */
export async function openWay(lab: Lab, hosts: readonly BenchHost[], delay: Milliseconds): Promise<Way> {
  if (delay === 0) return { kind: 'direct', hosts, [Symbol.asyncDispose]: async () => {} }
  return (await openNetem(lab, hosts, delay)) ?? (await openRelay(lab, hosts, delay))
}

/** Null where the kernel has no netem. */
async function openNetem(
  { netns }: Lab,
  hosts: readonly BenchHost[],
  delay: Milliseconds,
): Promise<Way | null> {
  const tc = local({ nothrow: true, prefix: '' })
  const device = ['dev', network.bridge, 'root']
  const enter = ['nsenter', `--net=${netns}`, 'tc', 'qdisc']
  const added = await tc`${enter} add ${device} netem delay ${delay}ms limit 100000`
  if (added.exitCode !== 0) return null
  return {
    kind: 'netem',
    hosts,
    [Symbol.asyncDispose]: async () => void (await tc`${enter} del ${device}`),
  }
}

async function openRelay({ netns }: Lab, hosts: readonly BenchHost[], delay: Milliseconds): Promise<Way> {
  const near = hosts.map((host, index) => ({ ...host, address: `127.0.1.${index + 1}`, port: 2200 }))
  const pairs = hosts.map(
    ({ address, port }, index) => `${near[index]?.address}:${near[index]?.port}=${address}:${port}`,
  )
  const relay = join(import.meta.dirname, 'relay.ts')
  const child = spawn('nsenter', [`--net=${netns}`, process.execPath, relay, String(delay), ...pairs], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  await Promise.race([
    once(child.stdout, 'data'),
    exited.then(() => Promise.reject(new Error('the relay did not start'))),
  ])
  return {
    kind: 'relay',
    hosts: near,
    [Symbol.asyncDispose]: async () => {
      child.stdin.end()
      await exited
    },
  }
}
