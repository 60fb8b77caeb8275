import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { LockAnswer } from '../../../src/connection/lock_answer.ts'
import { claimText, parseHolder } from '../../../src/connection/lock_claim.ts'
import type { Claim } from '../../../src/connection/lock_claim.ts'
import { BringupError } from '../../../src/errors.ts'
import type { RunEvent } from '../../../src/run/events.ts'
import type { HostSession } from '../../../src/run/host_session.ts'
import { createOverwrites } from '../../../src/run/overwrites.ts'
import { lockNodes } from '../../../src/run/lock_nodes.ts'

/** Machines and whose lock they have. */
type Machines = Map<string, Claim | null>

const claimOf = (run: string): Claim => ({ by: 'me@desk', pid: 1, run, playbook: 'p.yml', token: run })
const busy: LockAnswer = { state: 'busy', commands: [{ pid: 7, command: 'mkfs /dev/sdb' }] }

interface Run {
  readonly claim: Claim
  readonly began: string[]
  readonly events: RunEvent[]
  connect(): Promise<HostSession[]>
  lock(options?: { wait?: number; signal?: AbortSignal; headStart?: number }): Promise<void>
}

/** A run over some machines, asked for in this order; each answer takes a moment. */
function runOn(
  machines: Machines,
  run: string,
  names: readonly string[],
  say?: () => LockAnswer,
  reconnected = (): void => {},
): Run {
  const claim = claimOf(run)
  const began: string[] = []
  const events: RunEvent[] = []
  const ask = async (name: string): Promise<LockAnswer> => {
    await delay(2)
    const holder = machines.get(name) ?? null
    if (holder !== null && holder !== claim) {
      const text = claimText(holder, name, new Date(0))
      return { state: 'taken', holder: parseHolder(text), end: '77' }
    }
    const answer = say?.() ?? { state: 'held' }
    if (answer.state === 'held') machines.set(name, claim)
    return answer
  }
  const session = async (name: string): Promise<HostSession> => ({
    host: { name } as HostSession['host'],
    lock: await ask(name),
    remote: {
      lock: () => ask(name),
      unlock: async () => {
        if (machines.get(name) === claim) machines.set(name, null)
      },
      reconnect: async () => reconnected(),
      begin: () => void began.push(name),
      // What asks for facts is not what is tested.
      run: () => Promise.reject(new BringupError('COMMAND_FAILED', 'facts were asked for')),
    } as unknown as HostSession['remote'],
    facts: {} as HostSession['facts'],
    egress: null,
    overwrites: createOverwrites('', []),
    planned: new Map(),
    close: async () => {},
  })
  let sessions: HostSession[] | undefined
  return {
    claim,
    began,
    events,
    connect: async () => (sessions = await Promise.all(names.map(session))),
    async lock({ wait = 20, signal = new AbortController().signal, headStart = 0 } = {}) {
      sessions ??= await this.connect()
      const emit = (event: RunEvent): void => void events.push(event)
      await lockNodes(sessions, { claim, wait, forks: 10, signal, emit, headStart })
    },
  }
}

const free = (...names: string[]): Machines => new Map(names.map((name) => [name, null]))
const told = ({ events }: Run): string[] =>
  events.flatMap((event) => ('message' in event ? [`${event.type} ${event.message}`] : []))

test('hosts that are free are had at once, and nothing is said', async () => {
  const machines = free('a', 'b')
  const run = runOn(machines, 'one', ['a', 'b'])
  await run.lock({ wait: 0 })
  expect(run.began).toEqual(['a', 'b'])
  expect(run.events).toEqual([])
})

describe('a host that another run has', () => {
  test('is waited for, without keeping the others; what was known of the hosts is asked again', async () => {
    const machines = free('a', 'b')
    const other = claimOf('other')
    machines.set('b', other)
    const run = runOn(machines, 'one', ['a', 'b'])
    await run.connect()
    expect(machines.get('a')).toBe(run.claim)
    const locking = run.lock()
    const ended = expect(locking).rejects.toThrow('facts were asked for')
    await delay(50)
    expect(machines.get('a')).toBe(null)
    machines.set('b', null)
    await ended
    expect([...machines.values()]).toEqual([run.claim, run.claim])
    expect(run.began).toEqual(['a', 'b'])
    expect(told(run)).toEqual([
      'note locked by me@desk (process 1), p.yml, run other, since 1970-01-01T00:00:00Z; waiting for it, up to 20 s',
    ])
  })

  test('is told of, and all is given back, when the time is over', async () => {
    const machines = free('a', 'b')
    machines.set('b', claimOf('other'))
    const run = runOn(machines, 'one', ['a', 'b'])
    await expect(run.lock({ wait: 0.5 })).rejects.toMatchObject({
      code: 'LOCKED',
      details: { host: 'b', seen: expect.stringContaining('run other') as string },
    })
    expect(machines.get('a')).toBe(null)
    expect(run.began).toEqual([])
    expect(run.events).toHaveLength(1)
  })

  test('is not waited for any more when the run is interrupted', async () => {
    const machines = free('a', 'b')
    machines.set('b', claimOf('other'))
    const run = runOn(machines, 'one', ['a', 'b'])
    const interrupt = new AbortController()
    const locking = run.lock({ signal: interrupt.signal })
    const ended = expect(locking).rejects.toThrow()
    await delay(50)
    interrupt.abort(new BringupError('INTERRUPTED', 'interrupted'))
    await ended
    expect(run.began).toEqual([])
  })
})

test('what is left of a run that died is waited for as well', async () => {
  const answers: LockAnswer[] = [busy, busy]
  const run = runOn(free('a'), 'one', ['a'], () => answers.pop() ?? { state: 'held' })
  await expect(run.lock()).rejects.toThrow('facts were asked for')
  expect(told(run)).toEqual([
    'note still busy for a run that has died: process 7 (mkfs /dev/sdb); waiting for it, up to 20 s',
  ])
})

test('many runs that want the same hosts in any order all come to their end', async () => {
  const machines = free('a', 'b', 'c')
  const orders = [
    ['a', 'b', 'c'],
    ['c', 'b', 'a'],
    ['b', 'c', 'a'],
    ['c', 'a'],
  ]
  let working = 0
  await Promise.all(
    orders.map(async (order, index) => {
      const run = runOn(machines, String(index), order)
      await run.lock().catch((error: Error) => expect(error.message).toBe('facts were asked for'))
      expect(run.began).toEqual(order)
      for (const name of order) expect(machines.get(name)).toBe(run.claim)
      expect((working += 1)).toBe(1)
      await delay(20)
      working -= 1
      for (const name of order) machines.set(name, null)
    }),
  )
})

test('a host that knows no lock, or is there twice, is told once', async () => {
  const why = { state: 'impossible', why: 'flock is missing there' } as const
  const without = runOn(free('a', 'b'), 'one', ['a', 'b'], () => why)
  await without.lock()
  expect(told(without)).toEqual([
    'warning nothing keeps another run off a, b while this one works: flock is missing there',
  ])
  const twice = runOn(free('a', 'b'), 'one', ['b'], () => ({ state: 'shared', node: 'a' }))
  await twice.lock()
  expect(told(twice)).toEqual(['warning these are names of one machine: a, b'])
})

test('a host that boots again meanwhile, and lets us in for a moment while it goes down, is waited for', async () => {
  const gone = (code: 'CONNECTION_LOST' | 'UNREACHABLE') => (): LockAnswer => {
    throw new BringupError(code, 'it goes down')
  }
  const answers = [() => busy, gone('CONNECTION_LOST'), gone('UNREACHABLE'), gone('CONNECTION_LOST')]
  const run = runOn(new Map(), 'patient', ['a'], () =>
    (answers.shift() ?? ((): LockAnswer => ({ state: 'held' })))(),
  )
  await expect(run.lock()).rejects.toMatchObject({ message: 'facts were asked for' })
  expect(answers).toEqual([])
  expect(run.began).toEqual(['a'])
})

test('a host that another run boots again is that run’s again, which may take longer to come back', async () => {
  const holder = claimOf('holder')
  const machines: Machines = new Map([['a', holder]])
  let asked = 0
  const waiting = runOn(
    machines,
    'waiting',
    ['a'],
    () => {
      asked += 1
      if (asked === 1) throw new BringupError('CONNECTION_LOST', 'it goes down')
      return { state: 'held' }
    },
    () => void setTimeout(() => machines.set('a', holder), 20),
  )
  await waiting.connect()
  machines.set('a', null)
  const ended = waiting.lock({ headStart: 0.2 })
  while (machines.get('a') !== holder) await delay(5)
  setTimeout(() => machines.set('a', null), 600)
  await expect(ended).rejects.toThrow('facts were asked for')
  expect(asked).toBe(2)
  expect(machines.get('a')).toBe(waiting.claim)
})
