import type { Consent } from '../inventory/consent.ts'

/**
 * A device that an operation is about to write to.
 *
 * - `free`: nothing is on it
 * - `consented`: something is, and the operator named host and device
 * - `unconsented`: something is, and nobody did
 * - `forbidden`: it must not be written to, whoever consents: it is in use, or cannot be read
 */
export interface Overwrite {
  /** As the role names it. */
  readonly device: string
  /** Which device that is; the same after a reboot, another one where a link leads to another disk. */
  readonly identity: string
  readonly verdict: 'free' | 'consented' | 'unconsented' | 'forbidden'
  /** Why it cannot just be written to, as one sentence without a full stop; empty where it is free. */
  readonly reason: string
  /** What the device is and all that is on it, one line each. */
  readonly holds: readonly string[]
  /** What to do where no consent helps. */
  readonly remedy?: string
  /** The consent that covers it. */
  readonly consent?: Consent
}
