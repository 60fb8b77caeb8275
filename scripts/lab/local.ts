import { $, quote } from 'zx/core'
import type { Options, Shell } from 'zx/core'

/** zx's `$` on this machine, silent: what a command said is in its result, or in the error. */
export function local(options: Partial<Options> = {}): Shell {
  return $({ quiet: true, ...options })
}

/** As {@link local}, for work that must end with the lab: its shells join these groups before they do anything. */
export function localIn(joins: readonly string[]): typeof local {
  const join = joins.map((file) => `echo 0 > ${quote(file)};`).join(' ')
  return (options) => local({ ...options, prefix: `set -euo pipefail; ${join}` })
}
