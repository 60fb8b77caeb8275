import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { raiseBenchLab } from '../../scripts/bench/bench_lab.ts'
import type { BenchLab } from '../../scripts/bench/bench_lab.ts'
import { lowerBoundScript } from '../../scripts/bench/lower_bound_script.ts'
import { measureSteps } from '../../scripts/bench/measure_steps.ts'
import { runSimulated } from '../../scripts/bench/simulated/measure.ts'
import { makeWorkplace } from '../../scripts/bench/workplace.ts'
import type { Workplace } from '../../scripts/bench/workplace.ts'
import { needBenchPackages } from '../../scripts/lab/packages.ts'

// No time is asserted here: that the benchmark measures the same thing on both sides is.

let workplace: Workplace

beforeAll(async () => {
  await needBenchPackages()
  workplace = await makeWorkplace()
})

afterAll(() => workplace?.[Symbol.asyncDispose]())

describe('the forty steps', () => {
  let bench: BenchLab

  beforeAll(async () => {
    bench = await raiseBenchLab(2, () => {})
  })

  afterAll(() => bench?.[Symbol.asyncDispose]())

  test('both sides change all, then nothing, and leave the same behind', async () => {
    const changed: Record<string, number> = {}
    const left: Record<string, string[]> = {}
    const setting = { hosts: 2, delay: 20, repeats: 1 }
    const result = await measureSteps(bench, workplace, setting, {
      ended: (what, run) => {
        if ('changed' in run) changed[what] = run.changed as number
      },
      converged: async (side) => {
        left[side] = await Promise.all(bench.hosts(2).map(({ name }) => stateOf(bench, name)))
      },
    })
    expect(changed).toEqual({
      'Ansible, first': 80,
      'Ansible, second': 0,
      'bringup, first': 80,
      'bringup, second': 0,
    })
    expect(left['bringup']).toEqual(left['Ansible'])
    expect(left['bringup']?.[0]).toContain('etc/conf.d/10-app.conf l 777 root:root ../app.conf')
    expect(result.lowerBound.count).toBe(1)
  })

  test('the script of the lower bound sees everything that deviates', async () => {
    const check = async (): Promise<{ exitCode: number; stdout: string }> =>
      bench.lab.exec('server1', await lowerBoundScript('server1'))
    expect(await check()).toMatchObject({ exitCode: 0, stdout: '' })

    const broken = await bench.lab.exec('server1', BREAK)
    expect(broken, broken.stderr).toMatchObject({ exitCode: 0 })
    const { exitCode, stdout } = await check()
    expect(exitCode).toBe(1)
    expect(stdout.trimEnd().split('\n')).toEqual([
      'differs: packages',
      'differs: user',
      'differs: kinds, modes and owners',
      'differs: symlinks',
      'differs: contents',
      'differs: lines of settings.conf',
      'differs: lines of limits.conf',
      'differs: services',
      'differs: seed',
      'differs: compressed index',
      'differs: migration',
    ])
  })
})

test('a hundred simulated hosts converge', async () => {
  const { first, second } = await runSimulated(workplace, 100)
  expect(first.changed).toBe(600)
  expect(second.changed).toBe(0)
})

const BREAK = `set -e
dpkg --purge tree
usermod -s /bin/sh bench-server1
cd /srv/bench/server1
chmod 0700 www
ln -sfn /tmp current
echo more >>etc/app.conf
cd /srv/bench-legacy/server1
sed -i 's/^port = .*/port = 80/' settings.conf
sed -i '/^core/d' limits.conf
touch to-migrate
systemctl stop bench-worker@server1-3
rm /srv/bench/server1/lib/seed.conf /srv/bench/server1/www/index.html.gz`

/** All that the steps decide about a host, as text. */
async function stateOf({ lab }: BenchLab, host: string): Promise<string> {
  const { stdout, stderr, exitCode } = await lab.exec(
    host,
    `set -e
for root in /srv/bench/${host} /srv/bench-legacy/${host}; do
  cd "$root"
  find . -printf '%P %y %m %u:%g %l\\n' | sort
  find . -type f -exec sha256sum {} + | sort -k 2
done
getent passwd bench-${host} | cut -d : -f 1,5-
id -nG bench-${host}
systemctl show -p Id -p ActiveState -p UnitFileState bench-worker@${host}-1 bench-worker@${host}-2 \\
  bench-worker@${host}-3 bench-worker@${host}-4
dpkg-query -W -f '\${db:Status-Status} \${Package}\\n' lsof pv tree`,
  )
  expect(exitCode, stderr).toBe(0)
  return stdout
}
