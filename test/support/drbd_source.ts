import { execFileSync } from 'node:child_process'
import { copyFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { stringify } from 'yaml'
import type { Lab } from '../../scripts/lab/raise.ts'

/** What DRBD's module is built of. */
export interface Source {
  /** As drbd_version says it. */
  readonly version: string
  /** Path of the release tarball. */
  readonly tarball: string
}

/**
 * Lays a tarball beside a lab's inventory, pinned there.
 * @returns the inventory that asks for it, to be read after the site's
 */
export function placeSource(lab: Lab, { version, tarball }: Source): string {
  const file = join(lab.dir, basename(tarball))
  copyFileSync(tarball, file)
  const [sum = ''] = execFileSync('sha256sum', [file]).toString().split(' ')
  writeFileSync(
    join(lab.dir, 'sources.lock.yml'),
    stringify({ sources: { [`drbd-${version}`]: { sha256: sum } } }),
  )
  const inventory = join(lab.dir, 'source.yml')
  writeFileSync(inventory, stringify({ all: { vars: { drbd_version: version, drbd_tarball: file } } }))
  return inventory
}
