/** Every code an error of ours can carry, and the exit code that a run ends with because of it. */
const catalogue = {
  USAGE: 1,
  INTERNAL: 1,
  JOURNAL_FAILED: 1,

  // The lab.
  LAB_UNAVAILABLE: 1,
  LAB_EXISTS: 1,
  LAB_FAILED: 1,

  // Found before the first connection.
  FILE_UNREADABLE: 5,
  YAML_SYNTAX: 5,
  INVENTORY_INVALID: 5,
  SOURCES_LOCK_INVALID: 5,
  PLAYBOOK_INVALID: 5,
  ROLE_UNKNOWN: 5,
  ROLE_INVALID: 5,
  HOST_UNKNOWN: 5,
  TAG_UNKNOWN: 5,
  VAR_UNKNOWN: 5,
  VAR_INVALID: 5,
  SECRET_UNAVAILABLE: 5,
  NO_HOSTS: 5,

  // The way to a host.
  UNREACHABLE: 4,
  AUTH_FAILED: 4,
  HOST_KEY_UNKNOWN: 4,
  HOST_KEY_CHANGED: 4,
  HOST_KEY_REVOKED: 4,
  SUDO_REFUSED: 4,
  CONNECTION_LOST: 4,

  // On a host.
  COMMAND_FAILED: 2,
  TIMEOUT: 2,
  OUTPUT_TOO_LARGE: 2,
  TASK_FAILED: 2,
  NOT_MET: 2,
  REFUSED: 2,
  DESTROY_NEEDS_CONSENT: 2,
  SECRET_EXPOSED: 2,
  WRITE_FAILED: 2,
  CHANGED_MEANWHILE: 2,
  VALIDATION_FAILED: 2,
  FETCH_FAILED: 2,
  EGRESS_REFUSED: 2,
  ARCHIVE_UNSAFE: 2,
  SOURCE_WRONG: 2,
  SOURCE_CHANGED: 2,
  SOURCE_UNKNOWN: 2,
  PACKAGE_UNAVAILABLE: 2,
  PACKAGES_LOCKED: 2,
  SERVICE_FAILED: 2,
  BUSY: 2,

  // Another run works there.
  LOCKED: 6,

  INTERRUPTED: 130,
} as const

export type ErrorCode = keyof typeof catalogue

/** Whether an error of this code says that a host can't be reached, or not any more. */
export function isOfTheWay(code: string): boolean {
  return Object.hasOwn(catalogue, code) && catalogue[code as ErrorCode] === 4
}

/** Where in a file something stands; `line` and `column` start at 1. */
export interface Place {
  file: string
  line: number
  column: number
}

export interface ErrorDetails {
  /** What to do next, as one sentence in the imperative. */
  remedy?: string
  at?: Place
  host?: string
  role?: string
  task?: string
  expected?: string
  seen?: string
  cause?: unknown
}

/**
 * The one kind of error that users meet: a stable code, what was expected and seen, where, and what to do next.
 * Anything else that is thrown is a defect of ours or of a role, and is shown as such.
 */
export class BringupError extends Error {
  readonly code: ErrorCode
  readonly details: ErrorDetails

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'BringupError'
    this.code = code
    this.details = details
  }

  get exitCode(): number {
    return catalogue[this.code]
  }

  /** The same error with what an outer layer knows about it (host, role, task); what is already said stays. */
  within(outer: ErrorDetails): BringupError {
    const error = new BringupError(this.code, this.message, { ...outer, ...this.details })
    if (this.stack !== undefined) error.stack = this.stack
    return error
  }
}

/** Several problems found in one go, as when a playbook is validated; reported together, in order. */
export class BringupErrors extends Error {
  readonly problems: readonly BringupError[]

  constructor(problems: readonly BringupError[]) {
    super(problems.map((problem) => problem.message).join('\n'))
    this.name = 'BringupErrors'
    this.problems = problems
  }

  get exitCode(): number {
    return this.problems[0]?.exitCode ?? 1
  }
}

/** Any thrown thing as an error of ours; what is not ours keeps its place in the code as its `seen`. */
export function asBringupError(error: unknown): BringupError {
  if (error instanceof BringupError) return error
  if (!(error instanceof Error)) return new BringupError('INTERNAL', String(error))
  // What waits by a signal is ended by it with an error of Node's own, whose cause is why.
  if (error.name === 'AbortError' && error.cause instanceof BringupError) return error.cause
  const frame = error.stack?.split('\n').find((line) => /^\s+at /.test(line))
  return new BringupError('INTERNAL', error.message, {
    cause: error,
    ...(frame === undefined ? {} : { seen: `${error.name} ${frame.trim().replaceAll('file://', '')}` }),
  })
}
