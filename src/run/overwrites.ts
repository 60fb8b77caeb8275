import { BringupError } from '../errors.ts'
import type { Consent } from '../inventory/consent.ts'
import type { Overwrite } from '../operations/overwrite.ts'
import { misused } from './misuse.ts'
import { refusedOverwrites } from './refused_overwrites.ts'

/** What is known of the devices of one host that a run may write to. */
export interface Overwrites {
  /** Keeps which device a name led to when the play began, and the consent as needed. */
  inspected(overwrite: Overwrite): void
  /**
   * Called before a device is written to.
   * @throws BringupError DESTROY_NEEDS_CONSENT, REFUSED; CHANGED_MEANWHILE where the name leads to another device than
   *   when the play began
   */
  check(overwrites: readonly Overwrite[]): void
  /** Consents that nothing needed so far. */
  readonly unused: readonly Consent[]
}

export function createOverwrites(host: string, consents: readonly Consent[]): Overwrites {
  const identities = new Map<string, string>()
  const used = new Set<Consent>()
  const use = ({ consent, verdict }: Overwrite): void => {
    if (verdict === 'consented' && consent !== undefined) used.add(consent)
  }
  return {
    inspected(overwrite) {
      identities.set(overwrite.device, overwrite.identity)
      use(overwrite)
    },
    check(overwrites) {
      const refused = refusedOverwrites(
        overwrites.map((overwrite) => ({ host, overwrite })),
        'nothing was written to it',
      )
      if (refused !== undefined) throw refused
      for (const overwrite of overwrites) {
        checkIdentity(overwrite, identities.get(overwrite.device))
        use(overwrite)
      }
    },
    get unused() {
      return consents.filter((consent) => !used.has(consent))
    },
  }
}

function checkIdentity({ device, identity, verdict }: Overwrite, inspected: string | undefined): void {
  // What the operator consented to is what the run showed, or would have shown, before its first change.
  if (inspected === undefined && verdict === 'consented')
    throw misused(`the role destroys what is on ${device} without having looked at it before the play`, {
      remedy: 'Have its `inspect` look with the same operation.',
    })
  if (inspected !== undefined && inspected !== identity)
    throw new BringupError('CHANGED_MEANWHILE', `${device} is another device than when the play began`, {
      expected: inspected,
      seen: identity,
      remedy:
        'Nothing was written to it. Name the device by a path that stays (/dev/disk/by-id), and run again.',
    })
}
