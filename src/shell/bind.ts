import { ProcessPromise } from 'zx/core'
import type { ProcessOutput } from 'zx/core'
import type { Duplex, Writable } from 'node:stream'
import { BringupError } from '../errors.ts'
import { commandFailed } from './command_failed.ts'

/** The signal under which zx's own timer ends a command; it reaches nobody. */
export const TIMED_OUT = 'SIGALRM'

export interface Binding {
  readonly host: string
  readonly command: string
  /** What the command has printed so far. */
  readonly stdout: readonly Buffer[]
  /** Masks secrets in what is told of it. */
  redact(text: string): string
  /** Starts another command on the same host, with the same options. */
  again(pieces: TemplateStringsArray, values: readonly unknown[]): ProcessPromise
  /** Told when something is piped into it. */
  onFed(): void
  stop(signal: string): void
}

/** What zx keeps private, and no option reaches. */
interface Internals {
  _resolve(output: ProcessOutput): void
  _reject(error: unknown): void
  readonly _stdin: Duplex
  /** The failure of a command that is piped into this one. */
  upstream?: unknown
}

/**
 * Mends what zx does in a way that suits local processes only: a template given to `.pipe()` and the signal of `.kill()`
 * go by the `$` that is current where they are called, which could be the controller's; errors are zx's own, and the
 * bytes of an output are its text.
 */
export function bind(promise: ProcessPromise, binding: Binding): ProcessPromise {
  const internals = promise as unknown as Internals
  const { host, command, redact } = binding
  // Where the command was called: an error that is made when it ends has no place in the role on its stack.
  const called = new Error()
  const reject = internals._reject.bind(promise)
  const settle = {
    resolve: internals._resolve.bind(promise),
    reject: (error: unknown): void => reject(calledAt(error, called)),
  }
  const zxPipe = promise.pipe
  const zxTimeout = promise.timeout.bind(promise)

  const finish = (output: ProcessOutput): void => {
    Object.defineProperty(output, 'buffer', { value: () => Buffer.concat(binding.stdout) })
    const { cause } = output
    if (internals.upstream !== undefined) return settle.reject(internals.upstream)
    if (cause instanceof BringupError) return settle.reject(stopped(cause))
    if (cause !== null && cause !== undefined) return settle.reject(cause)
    if (output.ok || promise.isNothrow()) return settle.resolve(output)
    const { exitCode, stdout, stderr } = output
    settle.reject(commandFailed({ host, command, code: exitCode ?? -1, stdout, stderr, redact }))
  }
  internals._resolve = finish
  internals._reject = (error) => (isOutput(error) ? finish(error) : settle.reject(error))
  internals._stdin.once('pipe', () => binding.onFed())

  const into =
    (method: typeof zxPipe.stdout) =>
    (to: TemplateStringsArray | string | Writable | ProcessPromise, ...values: unknown[]): unknown => {
      if (typeof to === 'string') throw pipedToFile(to)
      const next = Array.isArray(to) ? binding.again(to as unknown as TemplateStringsArray, values) : to
      if (next instanceof ProcessPromise)
        promise.catch((error: unknown) => ((next as unknown as Internals).upstream ??= error))
      return (method as (to: unknown) => unknown)(next)
    }
  const pipe = Object.assign(into(zxPipe), {
    stdout: into(zxPipe.stdout!),
    stderr: into(zxPipe.stderr!),
    stdall: into(zxPipe.stdall!),
  })
  const timeout = (after: Parameters<typeof zxTimeout>[0]): ProcessPromise => zxTimeout(after, TIMED_OUT)
  return Object.defineProperties(promise, {
    pipe: { value: pipe },
    timeout: { value: timeout },
    kill: { value: async (signal = 'SIGTERM') => binding.stop(signal) },
    exitCode: { get: () => statusOf(promise) },
  })
}

function calledAt(error: unknown, { stack = '' }: Error): unknown {
  if (error instanceof BringupError)
    error.stack = `${error.name}: ${error.message}${stack.slice(stack.indexOf('\n'))}`
  return error
}

/** The command's own status, also where it is told as an error (whose `exitCode` is bringup's). */
async function statusOf(promise: ProcessPromise): Promise<number | null> {
  await promise.catch((error: unknown) => {
    if (!(error instanceof BringupError) || error.code !== 'COMMAND_FAILED') throw error
  })
  return promise.output?.exitCode ?? null
}

/** A command that was ended because of `.timeout()` took too long; the host only knows that it was told to end it. */
function stopped(error: BringupError): BringupError {
  if (error.code !== 'INTERRUPTED' || error.cause !== TIMED_OUT) return error
  const { cause: _, ...details } = error.details
  return new BringupError('TIMEOUT', 'a command took longer than its `.timeout()`, and was ended', details)
}

function isOutput(error: unknown): error is ProcessOutput {
  return typeof error === 'object' && error !== null && 'stdout' in error && 'exitCode' in error
}

function pipedToFile(file: string): BringupError {
  return new BringupError(
    'ROLE_INVALID',
    `a command's output was to be piped to a file of the controller: ${file}`,
    {
      remedy: 'To write a file on the host, say so in the command (`> file`), or use node.file.',
    },
  )
}
