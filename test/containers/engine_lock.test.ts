import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import type { RunEvent, TimedEvent } from '../../src/run/events.ts'
import { bringupRun } from '../support/bringup.ts'
import type { RunResult, StartedRun } from '../support/bringup.ts'
import { endOf, engineProject, errorsIn, runEnd } from '../support/engine_project.ts'
import type { EngineProject } from '../support/engine_project.ts'
import { until } from '../support/until.ts'
import { intoLab, processes } from './connection/lab_host.ts'

let lab: Lab
beforeAll(async () => void (lab = await raiseLab({ nodes: 2 })))
afterAll(() => lab?.down())

const on = async (node: string, script: string): Promise<string> =>
  (await lab.exec(node, script)).stdout.trim()
const onBoth = (script: string): Promise<string[]> =>
  Promise.all(lab.nodes.map(({ name }) => on(name, script)))

const messages = (type: 'note' | 'warning', events: readonly RunEvent[]): string[] =>
  events.flatMap((event) =>
    event.type === type ? [`${'host' in event ? event.host : ''} ${event.message}`.trim()] : [],
  )
const isWaiting = (event: TimedEvent): boolean => event.type === 'note' && event.message.includes('waiting')
const well = (run: RunResult): void => expect(run.exitCode, run.output).toBe(0)

/** A role that holds its nodes as long as this file exists on them, and leaves a word before and after. */
const HOLD = '/run/hold'
const holding = (roles: Record<string, string> = {}): EngineProject =>
  engineProject(lab, {
    hold: `
  vars: z.strictObject({ word: z.string().default('one') }),
  async run({ nodes, vars }) {
    await nodes.each((node) => node.$\`echo begin \${vars.word} >>/run/words\`)
    await nodes.each((node) => node.$\`while [ -e ${HOLD} ]; do sleep 0.1; done\`)
    await nodes.each((node) => node.$\`echo end \${vars.word} >>/run/words\`)
  },`,
    ...roles,
  })

/** A run that is in the middle of a command on both nodes. */
async function inTheMiddle(site: EngineProject, ...args: string[]): Promise<StartedRun> {
  await onBoth(`rm -f /run/words; touch ${HOLD}`)
  const run = site.start(args)
  await until(async () => (await onBoth('cat /run/words')).every((words) => words.startsWith('begin')))
  return run
}
const letGo = (): Promise<string[]> => onBoth(`rm -f ${HOLD}`)

test('check mode takes no lock, asks for none, and creates nothing', async () => {
  const site = holding()
  well(await site.run('--check'))
  expect(await onBoth('ls -d /run/bringup 2>&1')).toEqual(
    Array(2).fill("ls: cannot access '/run/bringup': No such file or directory"),
  )
  const first = await inTheMiddle(site)
  const check = await site.run('--check', '--wait', '0')
  well(check)
  expect(messages('note', check.events)).toEqual([])
  await letGo()
  well(await first.ended)
})

describe('a second run', () => {
  test('is told who has the nodes, waits, and goes on when the first has ended', async () => {
    const site = holding()
    const first = await inTheMiddle(site)
    const second = site.start(['-e', 'word=two'])
    await second.seen((event) => isWaiting(event) && 'host' in event && event.host === 'server2')
    expect(await on('server1', 'cat /run/words')).toBe('begin one')
    await letGo()
    well(await first.ended)
    const run = await second.ended
    well(run)
    expect(await onBoth('cat /run/words')).toEqual(Array(2).fill('begin one\nend one\nbegin two\nend two'))
    const who =
      /^server1 locked by \S+@\S+ \(process \d+\), .*site.yml, run 2\S+, since 2\S+Z; waiting for it, up to 300 s$/
    expect(messages('note', run.events).toSorted()[0]).toMatch(who)
    expect(messages('note', run.events)).toHaveLength(2)
    expect(messages('note', run.events)[0]).toContain(`(process ${first.pid})`)
  })

  test('that has waited long enough has changed nothing, and says so', async () => {
    const site = holding()
    const first = await inTheMiddle(site)
    const second = await site.run('-e', 'word=two', '--wait', '0.5')
    expect(second.exitCode, second.output).toBe(6)
    expect(runEnd(second.events)).toMatchObject({ outcome: 'locked', error: { code: 'LOCKED' } })
    expect(second.events.filter(({ type }) => /^(play|role|task)_start$/.test(type))).toEqual([])

    const { exitCode, stdout } = await site.runText('--limit', 'server1', '--wait', '0')
    expect(exitCode).toBe(6)
    expect(stdout).toContain(`  · server1  locked by `)
    expect(stdout).toContain('server1 is locked by another run; nothing was changed [LOCKED]')
    const [, pid = ''] = /this frees the lock: `kill (\d+)` on server1\.$/m.exec(stdout) ?? []
    expect(await on('server1', `cat /proc/${pid}/comm`)).toMatch(/^sshd/)
    await letGo()
    well(await first.ended)
    expect(await on('server1', 'cat /run/words')).toBe('begin one\nend one')
  })

  test('ends at once when it is interrupted while it waits', async () => {
    const site = holding()
    const first = await inTheMiddle(site)
    const second = site.start(['-e', 'word=two'])
    await second.seen(isWaiting)
    process.kill(second.pid, 'SIGINT')
    const { exitCode, events } = await second.ended
    expect(exitCode).toBe(130)
    expect(runEnd(events)).toMatchObject({ outcome: 'interrupted', error: { code: 'INTERRUPTED' } })
    await letGo()
    well(await first.ended)
    expect(await on('server2', 'cat /run/words')).toBe('begin one\nend one')
  })

  test('in the other order of nodes: both come to their end, one after the other', async () => {
    const site = holding()
    const [first, second] = lab.nodes
    site.write({
      'other.yml': `all:
  vars: { ansible_user: root, ansible_ssh_private_key_file: ${lab.key}, known_hosts: ${lab.knownHosts} }
  children:
    cluster:
      vars: { proxy_command: '${intoLab(lab)}' }
      hosts:
        ${second?.name}: { ansible_host: ${second?.address} }
        ${first?.name}: { ansible_host: ${first?.address} }
`,
    })
    await onBoth(`rm -f /run/words ${HOLD}`)
    const words = ['one', 'two', 'three', 'four']
    const runs = await Promise.all(
      words.map((word, index) =>
        index % 2 === 0
          ? site.run('-e', `word=${word}`)
          : bringupRun(['site.yml', '-i', 'other.yml', '-e', `word=${word}`], { cwd: site.directory }),
      ),
    )
    runs.forEach(well)
    for (const said of await onBoth('cat /run/words')) {
      const lines = said.split('\n')
      expect(lines).toHaveLength(8)
      for (let at = 0; at < 8; at += 2) expect(lines[at + 1]?.replace('end', 'begin'), said).toBe(lines[at])
    }
  })
})

describe('a controller that was killed', () => {
  test('has no lock any more', async () => {
    const site = engineProject(lab, {
      idle: `
  vars: z.strictObject({ forever: z.boolean().default(false) }),
  async run({ nodes, vars, warn }) {
    await nodes.each((node) => node.$\`true\`)
    warn('idle')
    if (vars.forever) await new Promise((resolve) => setTimeout(resolve, 1e8))
  },`,
    })
    const first = site.start(['-e', 'forever=true'])
    await first.seen((event) => event.type === 'warning')
    process.kill(first.pid, 'SIGKILL')
    await first.ended
    well(await site.run('--wait', '60'))
  })

  test('but a command of it that runs still is named and waited for', async () => {
    // Reading from it does not end before something is written.
    await onBoth('mkfifo /run/gate')
    const site = engineProject(lab, {
      long: `
  vars: z.strictObject({ from: z.string().default('/dev/null') }),
  async run({ nodes, vars }) {
    await nodes.each((node) => node.$\`cat \${vars.from} >/dev/null; echo \${vars.from} >>/run/read\`)
  },`,
    })
    const first = site.start(['-e', 'from=/run/gate'])
    const reading = (node: string): Promise<string[]> => processes(lab, node, 'cat /run/gate')
    await until(async () => (await reading('server1')).length + (await reading('server2')).length === 2)
    process.kill(first.pid, 'SIGKILL')
    await first.ended

    const pid = (await reading('server1'))[0]?.trim().split(/\s+/)[0]
    const busy = `server1 still busy for a run that has died: process ${pid} (cat /run/gate)`
    const late = await site.run('--limit', 'server1', '--wait', '0')
    expect(late.exitCode, late.output).toBe(6)
    expect(messages('note', late.events)).toEqual([busy])
    expect(runEnd(late.events).error).toMatchObject({
      code: 'LOCKED',
      message: 'server1 is not free: commands of a run that has died have not ended; nothing was changed',
      remedy: expect.stringContaining(`\`kill ${pid}\` on server1.`) as string,
    })

    const second = site.start()
    await second.seen((event) => isWaiting(event) && 'host' in event && event.host === 'server1')
    expect(await onBoth('cat /run/read 2>/dev/null')).toEqual(['', ''])
    await onBoth('echo >/run/gate')
    const run = await second.ended
    well(run)
    expect(messages('note', run.events)).toContain(`${busy}; waiting for it, up to 300 s`)
    // All of it was seen to its end before anything was begun beside it.
    expect(await onBoth('cat /run/read')).toEqual(Array(2).fill('/run/gate\n/dev/null'))
  })

  test('as is a file that it was sending, of which nothing is left', async () => {
    const site = engineProject(lab, {
      send: `
  vars: z.strictObject({ forever: z.boolean().default(false) }),
  async run({ nodes, vars }) {
    if (!vars.forever) return void (await nodes.each((node) => node.$\`true\`))
    const { Readable } = await import('node:stream')
    await nodes.first.task('send', {
      met: async () => false,
      apply: ({ remote }) => remote.upload(Readable.from(endless()), '/run/endless'),
    })
  },`,
    })
    site.write({
      'roles/send/role.ts': `${readFileSync(join(site.directory, 'roles/send/role.ts'), 'utf8')}
async function* endless() {
  for (;;) {
    yield Buffer.alloc(1024)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
`,
    })
    const first = site.start(['-e', 'forever=true'])
    await until(async () => (await on('server1', 'ls /run/endless 2>/dev/null')) !== '')
    process.kill(first.pid, 'SIGKILL')
    await first.ended
    well(await site.run('--wait', '60'))
    await on('server1', 'rm -f /run/endless')
    await until(async () => (await on('server1', 'ls -l /proc/[0-9]*/fd/9 | grep -c /run/bringup')) === '0')
  })
})

test('a daemon that a role starts keeps nobody waiting', async () => {
  const site = engineProject(lab, {
    daemons: `
  vars: z.strictObject({ start: z.boolean().default(false) }),
  async run({ nodes, vars, warn }) {
    if (!vars.start) return
    await nodes.first.$\`setsid sleep 6302 </dev/null >/dev/null 2>&1 & (sleep 6303; :) </dev/null >/dev/null 2>&1 &\`
    await nodes.first.$({ input: 'word' })\`cat; (sleep 6304; :) </dev/null >/dev/null 2>&1 &\`
    warn('started')
    await new Promise((resolve) => setTimeout(resolve, 1e8))
  },`,
  })
  const first = site.start(['-e', 'start=true'])
  await first.seen((event) => event.type === 'warning')
  process.kill(first.pid, 'SIGKILL')
  await first.ended
  well(await site.run('--wait', '60'))
  const daemons = await on('server1', 'pgrep -fc "^sleep 630[234]"; pkill -f "^sleep 630[234]"')
  expect(daemons).toBe('3')
})

describe('a node that boots again', () => {
  const rebooting = (): EngineProject =>
    engineProject(lab, {
      boot: `
  vars: z.strictObject({ boot: z.boolean().default(false) }),
  async run({ nodes, vars }) {
    const held = (node) => node.$.read\`cat /run/bringup/lock; flock -n /run/bringup/lock true || echo held; flock -n /run/bringup/busy true || echo busy\`
    const { first } = nodes
    if (!vars.boot) return void (await first.$\`true\`)
    await first.$\`while [ -e ${HOLD} ]; do sleep 0.1; done\`
    const before = (await held(first)).stdout
    await first.reboot({ when: 'always' })
    const after = (await held(first)).stdout
    const same = /^token: .*$/m
    first.note([before.match(same)?.[0] === after.match(same)?.[0], after.endsWith('held\\nbusy\\n')].join())
  },`,
    })

  test('is locked again, and whoever waits for it finds it again', async () => {
    const site = rebooting()
    await on('server1', `touch ${HOLD}`)
    const first = site.start(['-e', 'boot=true', '--limit', 'server1'])
    await first.seen((event) => event.type === 'task_start')
    const second = site.start()
    await second.seen(isWaiting)
    await letGo()
    const run = await first.ended
    well(run)
    expect(messages('note', run.events)).toEqual(['server1 true,true'])
    well(await second.ended)
  })

  test('and is then in the hands of another: the run ends there, and says so', async () => {
    const unit = '/etc/systemd/system/other-run.service'
    const text = `[Unit]
Before=ssh.service
[Service]
Type=forking
ExecStart=/bin/sh -c 'mkdir -p /run/bringup; exec 9>/run/bringup/lock; flock 9; sleep infinity &'
[Install]
WantedBy=multi-user.target
`
    await lab.exec('server1', `cat >${unit}; systemctl enable other-run`, { input: text })
    try {
      const run = await rebooting().run('-e', 'boot=true', '--limit', 'server1')
      expect(run.exitCode, run.output).toBe(2)
      expect(endOf(run.events, 'server1', 'reboot now').status).toBe('failed')
      expect(errorsIn(run.events)).toMatchObject([
        {
          code: 'LOCKED',
          message: 'server1 is locked by another run',
          seen: 'server1: locked by an unknown run',
        },
      ])
    } finally {
      await on('server1', `systemctl disable --now other-run; rm ${unit}`)
    }
  })
})

describe('who takes part', () => {
  const look = (): EngineProject =>
    engineProject(lab, {
      look: `
  async run({ nodes }) {
    await nodes.each(async (node) => {
      const { stdout } = await node.$.read\`id -un; flock -n /run/bringup/lock true && echo free || echo locked\`
      node.note(stdout.trim().replace('\\n', ' '))
    })
  },`,
    })

  test('one who becomes root, and not one who does not, which is said once', async () => {
    const site = look()
    const user = (become: boolean): string =>
      `cluster:\n  vars: { ansible_user: ops, ansible_become: ${become} }\n`
    site.write({ 'root.yml': user(true), 'user.yml': user(false) })
    const asRoot = await site.run('-i', 'root.yml')
    well(asRoot)
    expect(messages('note', asRoot.events).toSorted()).toEqual(['server1 root locked', 'server2 root locked'])
    const asUser = await site.run('-i', 'user.yml')
    well(asUser)
    expect(messages('note', asUser.events).toSorted()).toEqual(['server1 ops free', 'server2 ops free'])
    expect(messages('warning', asUser.events)).toEqual([
      'nothing keeps another run off server1, server2 while this one works: the login there is not root',
    ])
  })

  test('a machine with two names in the inventory, once, which is said', async () => {
    const site = look()
    const { address = '' } = lab.nodes[0] ?? {}
    await on(
      'server1',
      `ip addr add 192.168.111.201/24 dev $(ip -o addr show to ${address} | awk '{ print $2 }')`,
    )
    site.write({ 'alias.yml': 'cluster:\n  hosts:\n    alias: { ansible_host: 192.168.111.201 }\n' })
    const run = await site.run('-i', 'alias.yml', '--accept-new')
    well(run)
    expect(messages('note', run.events).toSorted()).toEqual([
      'alias root locked',
      'server1 root locked',
      'server2 root locked',
    ])
    expect(messages('warning', run.events)).toEqual([
      expect.stringMatching(/^these are names of one machine: (alias, server1|server1, alias)$/),
    ])
  })

  test('the machine of the controller itself', () => {
    const site = look()
    site.write({ 'here.yml': 'cluster:\n  hosts:\n    here: { ansible_connection: local }\n' })
    const root = new URL('../..', import.meta.url).pathname
    // With a /run of its own, not the one of the machine that runs the tests.
    const own = ['--mount', 'sh', '-c', 'mount -t tmpfs none /run && exec "$@"', 'sh']
    const run = [process.execPath, `${root}bin/bringup.js`, 'run', 'site.yml', '-i', 'here.yml']
    const out = execFileSync('unshare', [...own, ...run], { cwd: site.directory, encoding: 'utf8' })
    expect(out).toContain('here  root locked')
  })
})
