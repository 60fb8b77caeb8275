import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { userInfo, tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectHost } from '../../../src/connection/connect.ts'
import type { Remote } from '../../../src/connection/remote.ts'
import type { ConnectionSettings, Host } from '../../../src/inventory/inventory.ts'

const connection: ConnectionSettings = {
  kind: 'local',
  address: 'localhost',
  port: null,
  user: null,
  identityFile: null,
  password: null,
  jump: null,
  proxyCommand: null,
  knownHosts: null,
  become: false,
  becomePassword: null,
  egress: 'none',
  egressAllow: [],
}
const host: Host = {
  name: 'here',
  groups: ['all'],
  vars: new Map(),
  connection,
  consents: [],
  at: { file: 'inventory.yml', line: 1, column: 1 },
}

let here: Remote
let directory: string

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'bringup-local-'))
  const environment = { PATH: process.env['PATH'], TOKEN: 'not for commands' }
  here = await connectHost(host, { acceptNew: false, ask: async () => null, environment })
})
afterAll(async () => {
  await here.close()
  rmSync(directory, { recursive: true })
})

test('commands run on this machine, without what else is in the environment', async () => {
  const { stdout, stderr, code } = await here.run('id -un; echo "${TOKEN-none}"; echo oops >&2; exit 4')
  expect([stdout.toString(), stderr.toString(), code]).toEqual([
    `${userInfo().username}\nnone\n`,
    'oops\n',
    4,
  ])
})

test('they get input of any length', async () => {
  for (const length of [10, 100_000]) {
    const bytes = Buffer.alloc(length, 7)
    expect((await here.run('cat', { stdin: bytes })).stdout.equals(bytes)).toBe(true)
  }
})

test('they and what they started are ended in time', async () => {
  const mark = `sleep 77${process.pid}`
  await expect(here.run(`(${mark} &); ${mark} | cat`, { timeout: 0.2 })).rejects.toMatchObject({
    code: 'TIMEOUT',
  })
  expect(execFileSync('ps', ['-eo', 'args='], { encoding: 'utf8' }).split('\n')).not.toContain(mark)
})

test('files are sent and fetched', async () => {
  const path = join(directory, 'file')
  const content = Buffer.alloc(200_000, 'x')
  await here.upload(content, path)
  expect(readFileSync(path).equals(content)).toBe(true)
  expect((await buffer(await here.download(path))).equals(content)).toBe(true)
})

test('a signal that is aborted already starts nothing', async () => {
  const path = join(directory, 'never')
  const signal = AbortSignal.abort()
  await expect(here.run(`touch ${path}`, { signal })).rejects.toMatchObject({ code: 'INTERRUPTED' })
  expect(existsSync(path)).toBe(false)
})
