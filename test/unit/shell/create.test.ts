import { $ as root } from 'zx/core'
import type { ProcessPromise } from 'zx/core'
import { describe, expect, test } from 'vitest'
import type { CommandOptions, CommandResult } from '../../../src/connection/remote.ts'
import { Secret } from '../../../src/secret.ts'
import { createShell } from '../../../src/shell/create.ts'
import { withoutRootShell } from '../../../src/shell/guard.ts'
import type { CommandRecord, Shell } from '../../../src/shell/shell.ts'

type Answer = Partial<Record<'stdout' | 'stderr', string | Buffer>> & { code?: number }

/** A shell on a host that answers as it is told, and what the host was asked. */
function shellOn(
  answer: (script: string, options: CommandOptions) => Answer | Promise<Answer>,
  mode: 'run' | 'check' = 'run',
): { $: Shell; asked: { script: string; options: CommandOptions }[]; records: CommandRecord[] } {
  const asked: { script: string; options: CommandOptions }[] = []
  const records: CommandRecord[] = []
  const run = async (script: string, options: CommandOptions = {}): Promise<CommandResult> => {
    asked.push({ script, options })
    const { stdout = '', stderr = '', code = 0 } = await answer(script, options)
    return { stdout: Buffer.from(stdout), stderr: Buffer.from(stderr), code }
  }
  const $ = createShell({ remote: { host: 'n1', run }, mode, record: (record) => records.push(record) })
  return { $, asked, records }
}

/** Stays until it is told to end. */
const endless = (_: string, { signal }: CommandOptions): Promise<Answer> =>
  new Promise((_resolve, reject) =>
    signal?.addEventListener('abort', () =>
      reject(Object.assign(new Error('ended'), { reason: signal.reason })),
    ),
  )

test('runs a script that stops at the first error, in /, with nothing to read', async () => {
  const { $, asked } = shellOn(() => ({}))
  await $`ls ${'a b'}`
  expect(asked).toEqual([
    { script: "set -eu\nls 'a b'", options: { cwd: '/', env: {}, signal: expect.any(AbortSignal) } },
  ])
})

test('passes options on, the inner over the outer', async () => {
  const { $, asked } = shellOn(() => ({}))
  const secret = new Secret('s3cret')
  await $({ env: { A: '1', B: '1' }, cwd: '/srv' })({ env: { B: '2' }, timeout: 5, input: secret })`cat`
  expect(asked[0]?.options).toMatchObject({ cwd: '/srv', env: { A: '1', B: '2' }, timeout: 5, stdin: secret })
})

test('refuses options that mean something else on a host', () => {
  const { $ } = shellOn(() => ({}))
  expect(() => $({ preferLocal: true } as object)`ls`).toThrow(
    expect.objectContaining({ code: 'ROLE_INVALID' }),
  )
})

describe('output', () => {
  const bytes = Buffer.from([0, 255, 128, 10])
  const { $ } = shellOn(() => ({ stdout: bytes, stderr: 'noise\n' }))

  test('is standard output alone', async () => {
    expect(await $`x`.text()).toBe(bytes.toString('utf8'))
    expect(`${await $`x`}`).not.toContain('noise')
    expect((await $`x`).stderr).toBe('noise\n')
  })

  test('is byte for byte', async () => {
    expect(await $`x`.buffer()).toEqual(bytes)
    expect((await $`x`).buffer()).toEqual(bytes)
  })

  test('can be had as lines and as JSON', async () => {
    const lines = shellOn(() => ({ stdout: 'a\nb\n', stderr: 'c\n' }))
    expect(await lines.$`x`.lines()).toEqual(['a', 'b'])
    const seen: string[] = []
    for await (const line of lines.$`x`) seen.push(line)
    expect(seen).toEqual(['a', 'b'])
    expect(await shellOn(() => ({ stdout: '{"a":1}', stderr: '{' })).$`x`.json()).toEqual({ a: 1 })
  })

  test('keeps characters of several bytes whole, at any length', async () => {
    const text = 'é☃'.repeat(200_000)
    expect(await shellOn(() => ({ stdout: text })).$`x`.text()).toBe(text)
  })
})

describe('a command that fails', () => {
  const { $, records } = shellOn(() => ({ stderr: 'boom\n', code: 3 }))

  test('throws an error of ours', async () => {
    await expect($`systemctl start x`).rejects.toMatchObject({
      code: 'COMMAND_FAILED',
      message: '`systemctl start x` ended with status 3',
      details: { host: 'n1', seen: 'boom' },
    })
  })

  test('is a result where that is wanted', async () => {
    expect((await $({ nothrow: true })`x`).exitCode).toBe(3)
    expect((await $`x`.nothrow()).exitCode).toBe(3)
    expect(await $`x`.exitCode).toBe(3)
  })

  test('is recorded all the same', () => {
    expect(records[0]).toMatchObject({
      command: 'systemctl start x',
      code: 3,
      stderr: 'boom\n',
      kind: 'change',
    })
  })
})

test('a lost connection is never a result', async () => {
  const { $ } = shellOn(() => Promise.reject(new Error('gone')))
  await expect($({ nothrow: true })`x`).rejects.toThrow('gone')
  await expect($`x`.nothrow().exitCode).rejects.toThrow('gone')
})

describe('check mode', () => {
  test('records what may change the host, and runs what only looks', async () => {
    const { $, asked, records } = shellOn(() => ({ stdout: 'seen\n' }), 'check')
    expect((await $`touch /x`).stdout).toBe('')
    expect(await $.read`ls`.text()).toBe('seen\n')
    expect(await $({ cwd: '/srv' }).read`ls`.text()).toBe('seen\n')
    expect(asked.map(({ options }) => options.cwd)).toEqual(['/', '/srv'])
    expect(records.map(({ command, kind, code }) => [command, kind, code])).toEqual([
      ['touch /x', 'change', 0],
      ['ls', 'read', 0],
      ['ls', 'read', 0],
    ])
  })
})

describe('ending', () => {
  test.each([
    ['kill()', (promise: ProcessPromise) => void promise.kill(), 'killed'],
    ['abort()', (promise: ProcessPromise) => promise.abort('enough'), 'enough'],
    ['timeout()', (promise: ProcessPromise) => void promise.timeout('10ms'), 'SIGALRM'],
  ])('%s ends it on the host, and not here', async (_, end, reason) => {
    let ended: unknown
    const { $ } = shellOn(async (script, options) => {
      options.signal?.addEventListener('abort', () => (ended = options.signal?.reason))
      return endless(script, options)
    })
    const promise = $`sleep 100`
    setImmediate(() => end(promise))
    await expect(promise).rejects.toThrow('ended')
    expect(ended).toBe(reason)
  })
})

describe('pipes', () => {
  test('lead to a command on the same host', async () => {
    const { $, asked } = shellOn((script) => ({ stdout: script.includes('sort') ? 'a\nb\n' : 'b\na\n' }))
    expect(await $`ls`.pipe`sort ${'-u'}`.text()).toBe('a\nb\n')
    expect(await $`ls`.pipe($`sort`).text()).toBe('a\nb\n')
    const sorts = asked.filter(({ script }) => script.includes('sort'))
    expect(sorts.map(({ options }) => String(options.stdin))).toEqual(['b\na\n', 'b\na\n'])
  })

  test('lead to another host', async () => {
    const from = shellOn(() => ({ stdout: 'bytes' }))
    const to = shellOn((_, { stdin }) => ({ stdout: `got ${String(stdin)}` }))
    expect(await from.$`tar c .`.pipe(to.$`tar x`).text()).toBe('got bytes')
  })

  test('tell the failure of the first command', async () => {
    const { $ } = shellOn((script) =>
      script.includes('bad') ? { code: 9, stderr: 'no\n' } : { stdout: 'x' },
    )
    await expect($`bad`.pipe`cat`).rejects.toMatchObject({ message: '`bad` ended with status 9' })
  })

  test('lead to no file of the controller', () => {
    const { $ } = shellOn(() => ({}))
    expect(() => $`ls`.pipe('/tmp/file')).toThrow(expect.objectContaining({ code: 'ROLE_INVALID' }))
  })
})

describe("zx's own $", () => {
  test('runs nothing inside a role, also in what it has started', async () => {
    await expect(
      withoutRootShell(async () => {
        await Promise.resolve()
        return root`echo ran on the controller`
      }),
    ).rejects.toMatchObject({ code: 'ROLE_INVALID' })
  })

  test('leaves the $ of a node alone', async () => {
    const { $ } = shellOn(() => ({ stdout: 'here' }))
    expect(await withoutRootShell(() => $`x`.pipe`y`.text())).toBe('here')
  })

  test('works as ever elsewhere', async () => {
    expect((await root({ quiet: true })`echo hi`).stdout).toBe('hi\n')
  })
})
