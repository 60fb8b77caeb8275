import { $ } from 'zx/core'
import type { Options, Shell } from 'zx/core'

/** zx's `$` on this machine, silent: what a command said is in its result, or in the error. */
export function local(options: Partial<Options> = {}): Shell {
  return $({ quiet: true, ...options })
}
