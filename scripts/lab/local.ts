import { $, quote } from 'zx/core'
import type { Options, Shell } from 'zx/core'

/** zx's `$` on this machine, silent: what a command said is in its result, or in the error. */
export function local(options: Partial<Options> = {}): Shell {
  return $({ quiet: true, ...options, env: { ...process.env, ...options.env, PATH: systemPath() } })
}

/** The search path with root's folders, which a shell that was entered by `su` lacks. */
export function systemPath(): string {
  return [...(process.env['PATH'] ?? '').split(':'), '/usr/local/sbin', '/usr/sbin', '/sbin', '/bin'].join(
    ':',
  )
}

/** As {@link local}, for work that must end with the lab: its shells join these groups before they do anything. */
export function localIn(joins: readonly string[]): typeof local {
  const join = joins.map((file) => `echo 0 > ${quote(file)};`).join(' ')
  return (options) => local({ ...options, prefix: `set -euo pipefail; ${join}` })
}
