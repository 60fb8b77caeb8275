import { parseArgs } from 'node:util'
import { BringupError } from '../../src/errors.ts'
import type { Milliseconds } from './timed.ts'

/** What is measured when nothing is asked for. */
const usual = ['steps', 'start', 'simulated'] as const

/** Parts of the benchmark that can be asked for alone. */
export const parts = [...usual, 'install'] as const
export type Part = (typeof parts)[number]

/** Hosts at once, the delay of the way to them, and how often. */
export interface Setting {
  readonly hosts: number
  readonly delay: Milliseconds
  readonly repeats: number
}

export interface BenchOptions {
  readonly settings: readonly Setting[]
  readonly only: readonly Part[]
  /** Numbers of simulated hosts, the smaller first. */
  readonly simulated: readonly number[]
  /** Once and small, to see that it works; such results are not kept. */
  readonly quick: boolean
  /** Writes BENCHMARKS.md from all results there are; of a first install, its section alone. */
  readonly write: boolean
}

/**
 * @param args as `--hosts 1,2 --repeats 5,3 --delay 0,20 --only steps,start --simulated 100,500 --write`; `--quick` is two
 *   hosts, once. Repeats are one number, or one for each number of hosts. A first install is measured only when asked for.
 * @throws BringupError USAGE
 */
export function parseBenchOptions(args: readonly string[]): BenchOptions {
  const { values } = parse(args)
  const quick = values.quick === true
  const hosts = numbers('hosts', values.hosts ?? (quick ? '2' : '1,2,10,50'), 1, 50)
  const delays = numbers('delay', values.delay ?? (quick ? '0' : '0,20'), 0, 1000)
  const repeats = numbers('repeats', values.repeats ?? (quick ? '1' : '5'), 1, 100)
  if (repeats.length > 1 && repeats.length !== hosts.length)
    throw wrong('--repeats is one number, or one for each number of hosts')
  return {
    settings: hosts.flatMap((count, index) =>
      delays.map((delay) => ({ hosts: count, delay, repeats: repeats[index] ?? repeats[0] ?? 1 })),
    ),
    only: (values.only?.split(',') ?? usual).map(knownPart),
    simulated: numbers('simulated', values.simulated ?? (quick ? '20,50' : '100,500'), 1, 2000),
    quick,
    write: values.write === true && !quick,
  }
}

function parse(args: readonly string[]) {
  const list = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  try {
    return parseArgs({
      args: [...args],
      options: {
        hosts: list,
        delay: list,
        repeats: list,
        only: list,
        simulated: list,
        quick: flag,
        write: flag,
      },
    })
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error))
  }
}

function numbers(name: string, text: string, least: number, most: number): number[] {
  const found = text.split(',').map(Number)
  if (found.every((number) => Number.isInteger(number) && number >= least && number <= most)) return found
  throw wrong(`--${name} takes whole numbers from ${least} to ${most}, with commas between`)
}

function knownPart(text: string): Part {
  const part = parts.find((one) => one === text)
  if (part !== undefined) return part
  throw wrong(`there is no part ${text}`)
}

const wrong = (why: string): BringupError =>
  new BringupError('USAGE', why, {
    remedy: `npm run bench -- [--hosts 1,2] [--delay 0,20] [--repeats 5] [--only ${parts.join(',')}] [--simulated 100,500] [--quick] [--write]`,
  })
