import { Secret } from '../../secret.ts'
import type { Value } from './value_schema.ts'

/** One thing that is not as it is wanted, readable as it stands; holds no secret. */
export interface Difference {
  readonly action: 'create' | 'change' | 'remove' | 'move'
  /** What it is about: `vip`, `property stonith-enabled`, `location of vip`. */
  readonly subject: string
  /** `vip: ip 192.168.60.100 → 192.168.60.101` */
  readonly text: string
}

/** Names of options that hold secrets in fence agents and others; those that name a file or script do not. */
const SECRET_NAME =
  /passwd|password|passphrase|(^|[_-])(pass|pwd|secret|token|community)([_-]|$)|(api|auth|secret|access|private)[_-]?key|api[_-]?token/i

export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && !/(script|file|path)$/i.test(name)
}

/** `https://user:password@host`, `options=username=a,password=b`, `--token x`. */
const SECRET_INSIDE =
  /:\/\/[^\s/:@]*:[^\s/@]+@|(^|[\s,;&?"'-])(pass(word|wd|phrase)?|pwd|secret|token|api[_-]?key)[=\s]\S/i

/** Whether a value is a secret, by its option's name or by what it looks like itself. One that Pacemaker keeps elsewhere is not. */
export function isSecretValue(name: string, value: string): boolean {
  return value !== '' && value !== 'lrm://' && (isSecretName(name) || SECRET_INSIDE.test(value))
}

/** A value for people: `•••` for a secret, whether it is declared as one or its name says so. */
export function shown(name: string, value: Value | undefined): string {
  if (value === undefined || value === null) return '(unset)'
  if (value instanceof Secret || isSecretName(name)) return String(new Secret(''))
  return value === '' ? '""' : value
}

export function textOfValue(value: string | Secret): string {
  return value instanceof Secret ? value.reveal() : value
}

/** `a → b`, or for secrets that something changes, without saying what. */
export function transition(name: string, before: string | undefined, after: Value | undefined): string {
  if (before !== undefined && (after instanceof Secret || isSecretName(name))) {
    return after === null || after === undefined
      ? `${name} removed`
      : `${name} changed (${String(new Secret(''))})`
  }
  return `${name} ${shown(name, before)} → ${shown(name, after)}`
}
