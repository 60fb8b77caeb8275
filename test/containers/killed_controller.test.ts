import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { $ } from 'zx/core'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { createSlots } from '../../src/connection/slots.ts'
import type { TimedEvent } from '../../src/run/events.ts'
import { bringupRun, startBringup } from '../support/bringup.ts'
import type { RunResult } from '../support/bringup.ts'
import { chance } from '../support/chance.ts'
import { momentIn, reached } from '../support/moment.ts'
import { killController } from './controller_death.ts'
import { differences, nodeState } from './node_state.ts'
import type { NodeState } from './node_state.ts'

const root = new URL('../..', import.meta.url).pathname
const env = { HACLUSTER_PASSWORD: 'correct-horse-battery' }

/** A round takes one to two minutes. One that failed is run again with KILL_SEED=<its seed> KILL_ROUNDS=1. */
const rounds = Number(process.env['KILL_ROUNDS'] ?? (process.env['TEST_ALL'] === undefined ? 2 : 30))
const seed = Number(process.env['KILL_SEED'] ?? Math.floor(Math.random() * 1e9))
const seeds = Array.from({ length: rounds }, (_, round) => seed + round)

/** Rounds wait for each other. */
const LONG = { timeout: 3_600_000 }

describe('a controller that is killed', () => {
  // Most of a run is waiting for what the nodes do: two rounds at once take little longer than one.
  const places = createSlots(2)
  let undisturbed: TimedEvent[]
  let reference: NodeState[]

  beforeAll(async () => {
    await using lab = await freshLab()
    const first = await run(lab)
    expect(first.exitCode, first.output).toBe(0)
    expect((await run(lab)).changed).toEqual([])
    undisturbed = first.events
    reference = await settled(lab)
  }, LONG.timeout)

  test.concurrent.for(seeds)(
    'leaves what the next run completes, seed %i',
    LONG,
    async (ownSeed, { expect }) => {
      const release = await places.take()
      try {
        await using lab = await freshLab()
        const moment = momentIn(undisturbed, chance(ownSeed))
        const story = [`seed ${ownSeed}: killed ${moment.milliseconds} ms after event ${moment.events}`]
        const killed = startBringup(argumentsFor(lab), { env, cwd: lab.dir })
        await reached(killed, moment)
        await killController(killed)
        const { events } = await killed.ended
        story.push(...events.slice(-3).map((event) => JSON.stringify(event).slice(0, 300)))
        console.log(story.join('\n  '))

        // It waits for what the nodes were at.
        const second = await run(lab)
        expect(second.exitCode, [...story, second.output].join('\n')).toBe(0)
        const third = await run(lab)
        expect(third.exitCode, [...story, third.output].join('\n')).toBe(0)
        expect(third.changed, story.join('\n')).toEqual([])
        const status = await $({ nothrow: true, quiet: true, cwd: lab.dir })`
          ${process.execPath} ${root}bin/bringup.js status -i ${lab.inventory}`
        expect(status.stdout + status.stderr, story.join('\n')).toContain('cluster lab: works')
        expect(status.exitCode).toBe(0)
        await expect
          .poll(
            async () => (await statesOf(lab)).map((state, index) => differences(state, reference[index]!)),
            { message: story.join('\n'), timeout: 30_000, interval: 1000 },
          )
          .toEqual(reference.map(() => []))
        console.log(`seed ${ownSeed}: converged`)
      } finally {
        release()
      }
    },
  )
})

const freshLab = (): Promise<Lab> => raiseLab({ warm: ['cluster'] })

const argumentsFor = (lab: Lab): string[] => [
  join(root, 'playbooks/vip-cluster.yml'),
  '-i',
  lab.inventory,
  '-i',
  join(root, 'inventory/lab.yml'),
]

const run = (lab: Lab): Promise<RunResult> => bringupRun(argumentsFor(lab), { env, cwd: lab.dir })

/** How the nodes are when two looks agree: at any single one, a daemon may be at work. */
async function settled(lab: Lab): Promise<NodeState[]> {
  for (let last = await statesOf(lab); ;) {
    const now = await statesOf(lab)
    if (now.every((state, index) => differences(state, last[index]!).length === 0)) return now
    last = now
  }
}

const statesOf = (lab: Lab): Promise<NodeState[]> =>
  Promise.all(lab.nodes.map(({ name }) => nodeState(lab, name)))
