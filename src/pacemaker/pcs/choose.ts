import semver from 'semver'
import { BringupError } from '../../errors.ts'
import type { PcsDialect, PcsGeneration } from './dialect.ts'
import { pcs09 } from './pcs_0_9.ts'
import { modernPcs } from './pcs_modern.ts'

const GENERATIONS: readonly PcsGeneration[] = ['0.9', '0.10', '0.11', '0.12']

export interface ChosenDialect {
  readonly pcs: PcsDialect
  /** `0.12.0`, as understood. */
  readonly version: string
  /** What the operator should know, where the version is newer than any that was tried. */
  readonly note: string | undefined
}

/**
 * The dialect for a version, as `pcs --version` prints it (`0.10.8`, `0.12.0.2`, `0.9.169`, with anything around).
 * @throws BringupError REFUSED for what is older than 0.9 or no version at all
 */
export function choosePcs(printed: string): ChosenDialect {
  const found = semver.coerce(printed)
  if (found === null) {
    throw new BringupError('REFUSED', 'pcs prints no version', {
      expected: 'a version, as 0.11.5',
      seen: printed.trim().slice(0, 80) || 'nothing',
      remedy: 'Run pcs --version on the node.',
    })
  }
  const version = found.version
  if (semver.lt(found, '0.9.0')) {
    throw new BringupError('REFUSED', `pcs ${version} is older than any that is supported`, {
      expected: 'pcs 0.9 or newer',
      seen: `pcs ${version}`,
      remedy: 'Install a newer pcs on the node.',
    })
  }
  const own = GENERATIONS.find((one) => semver.satisfies(found, `~${one}.0`))
  const newest = GENERATIONS.at(-1) ?? '0.12'
  const generation = own ?? newest
  const note =
    own === undefined ? `pcs ${version} is newer than ${newest}, whose commands are used for it` : undefined
  return { pcs: generation === '0.9' ? pcs09(version) : modernPcs(generation, version), version, note }
}
