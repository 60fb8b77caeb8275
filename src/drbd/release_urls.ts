import { atLeast } from './versions.ts'
import type { Release } from './versions.ts'

/** Where LINBIT offers the tarball of a release. */
export function releaseUrls(release: Release): string[] {
  const { product, text, series } = release
  const folder = product === 'drbd-utils' ? 'utils' : atLeast(release, '9.1.0') ? '9' : series
  return [`https://pkg.linbit.com/downloads/drbd/${folder}/${product}-${text}.tar.gz`]
}
