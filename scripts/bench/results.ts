import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { MachineText } from './machine.ts'
import type { Spread } from './statistics.ts'

/** What was measured of the forty steps in one setting; times in ms, memory in KiB. */
export interface StepsResult {
  readonly hosts: number
  readonly delay: number
  /** How the delay was made. */
  readonly way: 'direct' | 'netem' | 'relay'
  readonly bringupFirst: Spread
  readonly ansibleFirst: Spread
  readonly bringup: Spread
  readonly ansible: Spread
  /** The same checks as one script over an open connection. */
  readonly lowerBound: Spread
  /** The role of `bringup`, its connections open. */
  readonly role: Spread
  readonly untilFirstTask: Spread
  /** Processor time of the controller in a second run. */
  readonly bringupCpu: Spread
  readonly ansibleCpu: Spread
  readonly maxRss: Spread
  readonly maxRssFirst: Spread
}

export interface StartResult {
  readonly version: Spread
  readonly untilFirstTask: Spread
  readonly ansibleVersion: Spread
}

export interface SimulatedResult {
  readonly hosts: number
  readonly wallFirst: number
  readonly wall: number
  readonly maxRssFirst: number
  readonly maxRss: number
}

/** Results of the latest measurement of each part, whenever that was. */
export interface Results {
  readonly machine: MachineText
  /** Day of the latest. */
  readonly date: string
  readonly steps: readonly StepsResult[]
  readonly start: StartResult | null
  readonly simulated: readonly SimulatedResult[]
}

const file = join(import.meta.dirname, '../../.bench/results.json')

/** What is measured now, over what was measured before in other settings. */
export async function keepResults(now: Results): Promise<Results> {
  const before = await readResults()
  const kept: Results = {
    ...now,
    steps: [
      ...now.steps,
      ...(before?.steps ?? []).filter((old) => !now.steps.some((one) => isSame(one, old))),
    ].toSorted((a, b) => a.delay - b.delay || a.hosts - b.hosts),
    start: now.start ?? before?.start ?? null,
    simulated: now.simulated.length > 0 ? now.simulated : (before?.simulated ?? []),
  }
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, `${JSON.stringify(kept, null, 2)}\n`)
  return kept
}

const isSame = (a: StepsResult, b: StepsResult): boolean => a.hosts === b.hosts && a.delay === b.delay

async function readResults(): Promise<Results | null> {
  const text = await readFile(file, 'utf8').catch(() => null)
  return text === null ? null : (JSON.parse(text) as Results)
}
