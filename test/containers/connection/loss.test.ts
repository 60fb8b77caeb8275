import { buffer } from 'node:stream/consumers'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { raiseLab } from '../../../scripts/lab/raise.ts'
import type { Lab } from '../../../scripts/lab/raise.ts'
import type { Remote } from '../../../src/connection/remote.ts'
import { connectLab, processes } from './lab_host.ts'

let lab: Lab

beforeAll(async () => {
  lab = await raiseLab({ nodes: 1 })
})
afterAll(() => lab?.down())

async function connect(): Promise<Remote> {
  const remote = await connectLab(lab, 'server1')
  onTestFinished(() => remote.close())
  return remote
}

/** Ends every login at once, as a firewall or a crash of sshd would. */
const cut = (): Promise<unknown> => lab.exec('server1', ['pkill', '-KILL', '-f', '^sshd: root'])

const LOST = { code: 'CONNECTION_LOST', details: { host: 'server1' } }

describe('a connection that is lost', () => {
  test('leaves the outcome of what runs unknown, and lets nothing begin', async () => {
    const remote = await connect()
    const running = Array.from({ length: 5 }, () => remote.run('sleep 30; echo done'))
    const all = Promise.allSettled(running)
    await expect.poll(() => processes(lab, 'server1', 'sleep 30')).not.toEqual([])
    await cut()
    for (const result of await all) expect(result).toMatchObject({ status: 'rejected', reason: LOST })
    await expect(remote.run('echo too late')).rejects.toMatchObject({
      ...LOST,
      message: 'the connection to server1 was lost before the command was begun',
    })
    await expect(remote.upload(Buffer.from('x'), '/root/late')).rejects.toMatchObject(LOST)
    await expect(remote.download('/etc/hosts')).rejects.toMatchObject(LOST)
    await expect(remote.forwardIn(() => {})).rejects.toMatchObject({ code: 'CONNECTION_LOST' })
  })

  test('breaks transfers off', async () => {
    const remote = await connect()
    const endless = Readable.from(
      (async function* () {
        for (;;) yield Buffer.alloc(100_000)
      })(),
    )
    const sending = remote.upload(endless, '/dev/shm/endless')
    const fetching = buffer(await remote.download('/dev/zero').then((content) => content.take(1e9)))
    const all = Promise.allSettled([sending, fetching])
    await expect.poll(() => processes(lab, 'server1', 'cat')).not.toEqual([])
    await cut()
    for (const result of await all) expect(result).toMatchObject({ status: 'rejected', reason: LOST })
    await lab.exec('server1', ['rm', '-f', '/dev/shm/endless'])
  })

  test('breaks off an upload whose source gives nothing', async () => {
    const remote = await connect()
    const waiting = remote
      .upload(new Readable({ read() {} }), '/dev/shm/silent')
      .catch((error: unknown) => error)
    await expect.poll(() => processes(lab, 'server1', 'cat')).not.toEqual([])
    await cut()
    expect(await waiting).toMatchObject(LOST)
    await lab.exec('server1', ['rm', '-f', '/dev/shm/silent'])
  })

  test('is made again on request, forwards included', async () => {
    const remote = await connect()
    const heard: string[] = []
    const forward = await remote.forwardIn((connection) => {
      connection.on('data', (chunk: Buffer) => heard.push(chunk.toString()))
    })
    const knock = (word: string): Promise<unknown> =>
      lab.exec('server1', ['bash', '-c', `echo ${word} >/dev/tcp/127.0.0.1/${forward.port}`])
    await knock('first')
    await expect.poll(() => heard).toEqual(['first\n'])
    await cut()
    await remote.reconnect({ timeout: 20 })
    expect((await remote.run('echo again')).stdout.toString()).toBe('again\n')
    await knock('second')
    await expect.poll(() => heard).toEqual(['first\n', 'second\n'])
    await forward.close()
    expect(await lab.exec('server1', ['bash', '-c', `: >/dev/tcp/127.0.0.1/${forward.port}`])).toMatchObject({
      exitCode: 1,
    })
  })
})

describe('a host that goes down', () => {
  test('is waited for until it is up again', async () => {
    const remote = await connect()
    const bootOf = async (): Promise<string> =>
      (await remote.run('cut -d. -f1 /proc/sys/kernel/random/boot_id; stat -c %Z /proc/1')).stdout.toString()
    const before = await bootOf()
    await lab.powerOff('server1')
    const back = remote.reconnect({ timeout: 60 })
    await lab.powerOn('server1')
    await back
    expect(await bootOf()).not.toBe(before)
  })

  test('is given up when the time is over, with the last reason', async () => {
    const remote = await connect()
    await lab.powerOff('server1')
    onTestFinished(() => lab.powerOn('server1'))
    await expect(remote.reconnect({ timeout: 1 })).rejects.toMatchObject({
      code: 'UNREACHABLE',
      message: 'server1 did not come back within 1 s',
      details: { seen: expect.stringMatching(/proxy command|closed/) },
    })
  })

  test('is not waited for after an interruption', async () => {
    const remote = await connect()
    await lab.powerOff('server1')
    onTestFinished(() => lab.powerOn('server1'))
    const stop = new AbortController()
    const back = remote.reconnect({ timeout: 60, signal: stop.signal })
    setImmediate(() => stop.abort())
    await expect(back).rejects.toMatchObject({ code: 'INTERRUPTED' })
  })
})
