import { randomUUID } from 'node:crypto'
import { hostname, userInfo } from 'node:os'

/** A run that wants to work on hosts alone. */
export interface Claim {
  /** `user@host` of its controller. */
  readonly by: string
  /** The controller's process there. */
  readonly pid: number
  readonly run: string
  readonly playbook: string
  /** One of its kind: whoever reads it knows whether the claim is its own. */
  readonly token: string
}

/** A claim as a host's lock file tells it; what can not be read is empty. */
export interface Holder extends Omit<Claim, 'pid'> {
  readonly pid: string
  /** The name under which it works on this host. */
  readonly node: string
  /** ISO 8601, UTC, by the controller's clock. */
  readonly since: string
  /** The shell on the host that holds the lock. */
  readonly shell: string
}

/** The claim of this very process. */
export function ownClaim(of: Pick<Claim, 'run' | 'playbook'>): Claim {
  return { ...of, by: `${userInfo().username}@${hostname()}`, pid: process.pid, token: randomUUID() }
}

/** The text of a lock file, for people and for other controllers; the shell adds its own number. */
export function claimText(claim: Claim, node: string, since: Date): string {
  const { by, pid, run, playbook, token } = claim
  const at = since.toISOString().replace(/\.\d+Z$/, 'Z')
  return Object.entries({ by, pid, run, playbook, since: at, node, token })
    .map(([name, value]) => `${name}: ${oneLine(String(value))}\n`)
    .join('')
}

/** Reads a lock file; it may be empty, or cut off. */
export function parseHolder(text: string): Holder {
  const fields = new Map(
    text.split('\n').map((line): [string, string] => {
      const [, name = '', value = ''] = /^(\w+): (.*)$/.exec(line) ?? []
      return [name, value]
    }),
  )
  const field = (name: string): string => fields.get(name) ?? ''
  return {
    by: field('by'),
    pid: field('pid'),
    run: field('run'),
    playbook: field('playbook'),
    since: field('since'),
    node: field('node'),
    token: field('token'),
    shell: field('shell'),
  }
}

/** `root@controller (process 4711), site.yml, run 2026-…, since 2026-11-21T05:10:07Z` */
export function holderText({ by, pid, playbook, run, since }: Holder): string {
  if (by === '') return 'an unknown run'
  return `${by} (process ${pid}), ${playbook}, run ${run}, since ${since}`
}

// eslint-disable-next-line no-control-regex -- these are what is not to be in it
const oneLine = (text: string): string => text.replace(/[\u0000-\u001F\u007F]/g, '?')
