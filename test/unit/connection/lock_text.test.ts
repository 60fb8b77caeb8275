import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { openLane } from '../../../src/connection/lane.ts'
import type { Lane } from '../../../src/connection/lane.ts'
import { jobText, ownText } from '../../../src/connection/lane_text.ts'
import { childChannel } from '../../../src/connection/local_transport.ts'
import { endShellText, RELEASE, shareText, takeText } from '../../../src/connection/lock_text.ts'
import { until } from '../../support/until.ts'

let base: string
let locks: string
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'bringup-locks-'))
  locks = join(base, 'locks')
})
afterEach(() => rmSync(base, { recursive: true }))

// Who asks for the lock must be root; here everybody is.
async function openShell(command: readonly string[]): Promise<Lane> {
  const bin = join(base, 'bin')
  mkdirSync(bin, { recursive: true })
  writeFileSync(join(bin, 'id'), '#!/bin/sh\necho "${PRETENDED-0}"\n')
  chmodSync(join(bin, 'id'), 0o755)
  const [program = 'sh', ...args] = command
  const child = spawn(program, args, { env: { PATH: `${bin}:${process.env['PATH']}` } })
  onTestFinished(() => void child.kill('SIGKILL'))
  return openLane(childChannel(child))
}

function say(lane: Lane, text: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let said = ''
  lane.submit({
    text,
    start: () => {},
    output: (stream, chunk) => void (said += stream === 'stdout' ? chunk.toString() : ''),
    end: () => resolve(said),
    lost: (_, why) => reject(why ?? new Error('lost')),
    fail: reject,
  })
  return promise
}
const own = (lane: Lane, script: string): Promise<string> => say(lane, ownText(script))
const job = (lane: Lane, script: string): Promise<string> => say(lane, jobText(script, {}))
const take = (lane: Lane, text = 'by: somebody\n', alone = true): Promise<string> =>
  own(lane, takeText(text, { alone, locks }))

describe.each([['dash'], ['bash'], ['busybox', 'sh']])('%s', (...shell) => {
  test('takes the lock and says in it whose it is; a second one is told; both go on', async () => {
    const [first, second] = await Promise.all([openShell(shell), openShell(shell)])
    expect(await take(first, "by: it's me\n")).toBe('held\n')
    const text = `by: it's me\nshell: ${first.pid}\n`
    expect(readFileSync(join(locks, 'lock'), 'utf8')).toBe(text)
    expect(await take(second)).toBe(`taken ${first.pid}\n${text}`)
    expect(await job(second, 'echo on')).toBe('on\n')
    await own(first, RELEASE)
    expect(await take(second)).toBe('held\n')
    expect(await take(first)).toContain('taken')
  })

  test('has it until it ends, and nothing that a job of it started has it longer', async () => {
    const [first, second] = await Promise.all([openShell(shell), openShell(shell)])
    await take(first)
    // One is a copy of the shell itself, the other another program.
    const daemons = await job(
      first,
      `mkfifo ${base}/gate; (read line <${base}/gate; :) >/dev/null 2>&1 & echo $!; setsid sleep 60 >/dev/null 2>&1 & echo $!`,
    )
    const pids = daemons.trim().split('\n').map(Number)
    onTestFinished(() => pids.forEach((pid) => process.kill(pid, 'SIGKILL')))
    expect(await job(first, `[ -e /proc/self/fd/9 ] || echo none`)).toBe('none\n')
    first.channel.destroy()
    await first.closed
    expect(await take(second)).toBe('held\n')
    // They live.
    for (const pid of pids) process.kill(pid, 0)
  })

  test('is not alone while a command that was left behind runs, and says which', async () => {
    const [control, lane, next] = await Promise.all([openShell(shell), openShell(shell), openShell(shell)])
    await take(control)
    await own(lane, shareText(locks))
    const running = job(lane, 'sleep 6201; :').catch(() => '')
    await until(async () => lane.running?.process != null)
    control.channel.destroy()
    lane.channel.destroy()
    await control.closed
    const child = await sleepOf('sleep 6201')
    const said = (await take(next)).split('\n')
    expect(said[0]).toBe('busy')
    expect(said[1]).toMatch(new RegExp(`^shell ${lane.pid} `))
    expect(said).toContain(`child ${child} sleep 6201 `)
    // One's own commands, after the connection was lost, are no reason to wait.
    expect(await take(next, 'by: me\n', false)).toBe('held\n')
    await own(next, RELEASE)
    process.kill(child, 'SIGKILL')
    await running
    await until(async () => (await take(next)) === 'held\n')
  })

  test('ends the shell that has the lock, and no other', async () => {
    const [holder, other] = await Promise.all([openShell(shell), openShell(shell)])
    await take(holder)
    await job(other, endShellText(String(other.pid), locks))
    expect(other.open).toBe(true)
    await job(other, endShellText(String(holder.pid), locks))
    await holder.closed
    expect(await take(other)).toBe('held\n')
  })

  test.each([
    ['who is not root', 'PRETENDED=1000; export PRETENDED', 'the login there is not root'],
    ['without flock', 'command() { return 1; }', 'flock (of util-linux) is missing there'],
  ])('%s can not have it, and leaves nothing', async (_, before, why) => {
    const lane = await openShell(shell)
    await own(lane, before)
    expect(await take(lane)).toBe(`impossible ${why}\n`)
    expect(existsSync(locks)).toBe(false)
    expect(await job(lane, 'echo on')).toBe('on\n')
  })

  test('can not have it where it can not be kept', async () => {
    writeFileSync(locks, 'a file in the place of the directory')
    const lane = await openShell(shell)
    expect(await take(lane)).toBe(`impossible ${locks} can not be written there\n`)
    // Nothing to share either; the shell lives on.
    await own(lane, shareText(locks))
    expect(await job(lane, 'echo on')).toBe('on\n')
  })
})

async function sleepOf(command: string): Promise<number> {
  let pid = NaN
  await until(async () => {
    const lines = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' }).split('\n')
    pid = Number.parseInt(lines.find((line) => line.trim().endsWith(` ${command}`)) ?? '')
    return !Number.isNaN(pid)
  })
  return pid
}
