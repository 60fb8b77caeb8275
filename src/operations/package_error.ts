import type { Seconds } from '../connection/remote.ts'
import { BringupError } from '../errors.ts'

export const lockedError = (holder: string, limit: Seconds): BringupError =>
  new BringupError(
    'PACKAGES_LOCKED',
    `the package manager is in use by another process, for more than ${limit} s`,
    {
      seen: holder,
      remedy: 'Wait until that process is done, or look why it hangs; then run again.',
    },
  )

/** @param advice where the sources are set up */
export const unavailableError = (what: string, seen: string, advice: string): BringupError =>
  new BringupError('PACKAGE_UNAVAILABLE', `the host's package sources do not have ${what}`, {
    seen,
    remedy: `Check its name and version for this release, and the sources in ${advice}.`,
  })

export const unreachableSourcesError = (seen: string): BringupError =>
  new BringupError('PACKAGE_UNAVAILABLE', 'packages could not be fetched', {
    seen,
    remedy:
      "See that the host reaches its package sources; one without a way out gets the controller's with `egress: controller`.",
  })

export const wouldRemoveError = (what: string, seen: string): BringupError =>
  new BringupError('REFUSED', `installing would remove ${what}`, {
    seen,
    remedy: 'Where that is meant, set `allow_removals: true` for this task.',
  })
