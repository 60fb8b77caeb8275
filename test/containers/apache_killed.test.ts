import { afterAll, beforeAll, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { startBringup } from '../support/bringup.ts'
import { argumentsFor, ask, place, play, VIP } from './apache_pair.ts'
import { killController } from './controller_death.ts'

let lab: Lab
beforeAll(async () => {
  lab = await raiseLab({ nodes: 2, warm: ['cluster', 'curl'] })
})
afterAll(() => lab?.down())

/** Of an installation: each is cut off after the first thing that it changes. */
const MOST_RUNS = 80

test('a controller that is killed after every single change is followed by one that goes on, until all is there', async () => {
  const done: string[] = []
  for (let runs = 0; ; runs += 1) {
    expect(runs, done.join('\n')).toBeLessThan(MOST_RUNS)
    const run = startBringup(argumentsFor(lab, 'apache-cluster'))
    const change = run.seen((event) => event.type === 'task_end' && event.status === 'changed')
    const first = await Promise.race([change.catch(() => null), run.ended.then(() => null)])
    if (first === null) {
      const { exitCode, output } = await run.ended
      expect(exitCode, output).toBe(0)
      break
    }
    await killController(run)
    if (first.type === 'task_end') done.push(`${first.host} ${first.task}`)
  }
  console.log(`killed after\n  ${done.join('\n  ')}`)
  const last = await play(lab)
  expect(last.exitCode, last.output).toBe(0)
  expect(last.changed).toEqual([])
  expect(await ask(lab, 'server1', `http://${VIP}/node.txt`)).toBe(`${await place(lab)} 200`)
}, 1_500_000)
