import { $ as zx } from 'zx/core'
import type { ProcessPromise } from 'zx/core'
import type { CommandResult, Remote } from '../connection/remote.ts'
import { asBringupError, BringupError } from '../errors.ts'
import { bind, TIMED_OUT } from './bind.ts'
import { quote } from './quote.ts'
import { remoteChild } from './remote_child.ts'
import { renderCommand } from './render.ts'
import type { CommandRecord, Shell, ShellOptions, Tag } from './shell.ts'
import { unbroken } from './unbroken.ts'

export interface ShellContext {
  readonly remote: Pick<Remote, 'host' | 'run'>
  /** In `check`, commands that may change the host are recorded as successful and silent, and not run. */
  readonly mode: 'run' | 'check'
  /** Given every command that ended, however; and in check mode those that would have been run. */
  readonly record: (command: CommandRecord) => void
  /** Told of every command that is about to begin; it does not when this throws. */
  readonly begin?: (command: Pick<CommandRecord, 'command' | 'kind'>) => void
  /** Masks secrets in what is told of a failed command. */
  readonly redact?: (text: string) => string
  /** For every command, under what its own options say. */
  readonly env?: Readonly<Record<string, string>>
}

type Kind = 'read' | 'change'

/** `-e` and `-u` are POSIX's; `pipefail` is not, and dash has none. A failing command in a pipeline's middle passes. */
const PREFIX = 'set -eu\n'

const NOTHING: CommandResult = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0), code: 0 }

const OPTIONS = new Set(['input', 'env', 'cwd', 'timeout', 'nothrow', 'unbroken'])

/** zx's `$`, bound to a host; see {@link Shell}. */
export function createShell(context: ShellContext): Shell {
  const change = createTag(context, 'change', {})
  return change as Shell
}

function createTag(context: ShellContext, kind: Kind, options: ShellOptions): Tag {
  const tag = (first: TemplateStringsArray | ShellOptions, ...values: unknown[]): unknown =>
    isTemplate(first)
      ? start(context, kind, options, renderCommand(first, values))
      : createTag(context, kind, merged(options, checked(first)))
  if (kind === 'change')
    Object.defineProperty(tag, 'read', { get: () => createTag(context, 'read', options), enumerable: true })
  return tag as Tag
}

/** Each command has options of its own: zx reads them from where it is called, which may be anywhere. */
function start(context: ShellContext, kind: Kind, options: ShellOptions, command: string): ProcessPromise {
  const { remote, mode, record } = context
  const { input, nothrow = false, timeout, cwd = '/', env = {} } = options
  const stop = new AbortController()
  let fed = false

  const perform = async (piped: Buffer | null): Promise<CommandResult> => {
    const began = performance.now()
    const stdin = piped ?? input
    const ended = (how: Pick<CommandRecord, 'code' | 'error' | 'stdout' | 'stderr'>): void =>
      record({ command, kind, milliseconds: Math.round(performance.now() - began), ...how })
    context.begin?.({ command, kind })
    try {
      const result =
        kind === 'change' && mode === 'check'
          ? NOTHING
          : await remote.run(options.unbroken ? unbroken(PREFIX + command) : PREFIX + command, {
              cwd,
              env: { ...context.env, ...env },
              signal: stop.signal,
              ...(stdin === undefined ? {} : { stdin }),
              ...(timeout === undefined ? {} : { timeout }),
            })
      ended({ code: result.code, stdout: result.stdout.toString(), stderr: result.stderr.toString() })
      return result
    } catch (error) {
      ended({ code: null, error: asBringupError(error).code, stdout: '', stderr: '' })
      throw error
    }
  }

  const store = stdoutStore()
  const run = zx({
    spawn: ((_command: string, _arguments: string[], { signal }: { signal?: AbortSignal }) => {
      signal?.addEventListener('abort', () => stop.abort(signal.reason), { once: true })
      return remoteChild(perform, () => fed)
    }) as typeof zx.spawn,
    store,
    nothrow,
    quote,
    shell: 'sh',
    prefix: '',
    postfix: '',
    cwd: '/',
    env: {},
    stdio: 'pipe',
    quiet: true,
    verbose: false,
    detached: false,
    preferLocal: false,
    halt: false,
    log: () => {},
  })
  const text = Object.assign([command], { raw: [command] })
  return bind(run(text), {
    host: remote.host,
    command,
    stdout: store.stdout,
    redact: context.redact ?? ((text) => text),
    again: (pieces, values) => start(context, kind, options, renderCommand(pieces, values)),
    onFed: () => (fed = true),
    stop: (signal) => stop.abort(signal === TIMED_OUT ? TIMED_OUT : 'killed'),
  })
}

/**
 * zx gives `stdall`, both outputs mixed, as a command's text. Over SSH their order is unknown, and what is wanted is
 * standard output: here `stdall` is that alone.
 */
function stdoutStore(): { stdout: Buffer[]; stderr: Buffer[]; stdall: Buffer[] } {
  const stdout: Buffer[] = []
  const stdall: Buffer[] = []
  stdout.push = (...chunks) => {
    Array.prototype.push.apply(stdall, chunks)
    return Array.prototype.push.apply(stdout, chunks)
  }
  stdall.push = () => stdall.length
  return { stdout, stderr: [], stdall }
}

function isTemplate(first: TemplateStringsArray | ShellOptions): first is TemplateStringsArray {
  return Array.isArray(first)
}

function checked(options: ShellOptions): ShellOptions {
  const strange = Object.keys(options).filter((name) => !OPTIONS.has(name))
  if (strange.length === 0) return options
  throw new BringupError(
    'ROLE_INVALID',
    `a command has options that mean nothing here: ${strange.join(', ')}`,
    {
      expected: [...OPTIONS].join(', '),
      remedy: 'Of the options of zx, those that concern a local process have no meaning on a host.',
    },
  )
}

function merged(outer: ShellOptions, inner: ShellOptions): ShellOptions {
  return { ...outer, ...inner, ...(outer.env || inner.env ? { env: { ...outer.env, ...inner.env } } : {}) }
}
