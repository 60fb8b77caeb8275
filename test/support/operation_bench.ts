import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type * as z from 'zod'
import type { Remote } from '../../src/connection/remote.ts'
import type { ApplyContext, Operation } from '../../src/operations/operation.ts'
import { createAsking } from '../../src/run/asking.ts'
import { operationWork, performWork } from '../../src/run/task.ts'
import type { TaskOutcome } from '../../src/run/task.ts'
import { localRemote } from './local_remote.ts'

/** A place to perform operations at: a temporary directory of this machine, or a node. */
export interface Bench {
  readonly remote: Remote
  /** A directory of its own, to work in. */
  readonly directory: string
  perform<Schema extends z.ZodType, S>(
    operation: Operation<Schema, S>,
    want: z.input<Schema>,
  ): Promise<TaskOutcome>
  /** The same in check mode; what is planned adds up over the calls. */
  check<Schema extends z.ZodType, S>(
    operation: Operation<Schema, S>,
    want: z.input<Schema>,
  ): Promise<TaskOutcome>
}

export function createBench(
  remote: Remote,
  directory: string,
  context: Partial<Pick<ApplyContext, 'controller' | 'egress'>> = {},
): Bench {
  const planned = new Map<string, unknown>()
  const tools = (check: boolean) => ({
    commands: [],
    planned: check ? planned : new Map<string, unknown>(),
    context: {
      host: remote.host,
      remote,
      ask: createAsking(remote),
      signal: new AbortController().signal,
      check,
      egress: null,
      planned: (key: string) => (check ? planned.get(key) : undefined),
      controller: { roleDirectory: directory, projectDirectory: directory },
      ...context,
    } as unknown as ApplyContext,
  })
  return {
    remote,
    directory,
    perform: (operation, want) =>
      performWork(operationWork(operation, operation.params.parse(want)), tools(false)),
    check: (operation, want) =>
      performWork(operationWork(operation, operation.params.parse(want)), tools(true)),
  }
}

/** The shells and tools that hosts have: every operation is tried with each. */
export const platforms = ['dash', 'bash', 'busybox'] as const
export type Platform = (typeof platforms)[number]

/** A bench on this machine; `busybox` has the shell and the commands of busybox only. */
export function localBench(platform: Platform): Bench & { end(): void } {
  const directory = mkdtempSync(join(tmpdir(), 'bringup-test-'))
  const work = join(directory, 'work')
  mkdirSync(work)
  let remote = localRemote({ shell: [platform] })
  if (platform === 'busybox') {
    const path = join(directory, 'bin')
    mkdirSync(path)
    execFileSync('busybox', ['--install', '-s', path])
    remote = localRemote({ shell: [join(path, 'sh')], path })
  }
  return { ...createBench(remote, work), end: () => rmSync(directory, { recursive: true, force: true }) }
}
