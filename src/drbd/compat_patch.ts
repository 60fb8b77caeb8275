import { fine } from './verdict.ts'
import type { Verdict } from './verdict.ts'
import { atLeast, isRefusal, newerThanKnown, releaseOf } from './versions.ts'

/**
 * How a release fits itself to a kernel: up to 9.0.19 by itself; from then on by a patch, which Coccinelle's `spatch`
 * makes where the tarball has none in its cache for this very kernel.
 */
export type CompatPatch =
  { readonly spatch: 'never' } | { readonly spatch: 'unless-cached'; readonly least: string }

/**
 * Whether a build may need `spatch`. Without it the Makefile asks LINBIT's service over HTTPS, which a node without a
 * way out waits for; `SPAAS=false` forbids that.
 *
 * @param kernel as `uname -r` says, where it is known
 */
export function compatPatch(module: string, kernel?: string): Verdict<CompatPatch> {
  const release = releaseOf('drbd', module)
  if (isRefusal(release)) return release
  const warnings = newerThanKnown(release)
  if (!atLeast(release, '9.0.20')) return { ...fine(...warnings), spatch: 'never' }
  if (kernel !== undefined && /\.vz\d/.test(kernel)) {
    warnings.push(
      `DRBD ${release.text} may have no patch in its cache for a Virtuozzo kernel (${kernel}): then spatch is needed.`,
    )
  }
  const least = atLeast(release, '9.3.0') ? '1.1.1' : '1.0.8'
  return { ...fine(...warnings), spatch: 'unless-cached', least }
}
