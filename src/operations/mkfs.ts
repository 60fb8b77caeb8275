import { isDeepStrictEqual } from 'node:util'
import * as z from 'zod'
import { describeDevice, usesOf } from '../devices/describe.ts'
import { lookAtDevice } from '../devices/look.ts'
import type { DeviceLook } from '../devices/look.ts'
import { OTHER_DEVICE, WIPE_TEXT } from '../devices/wipe_text.ts'
import { decideMkfs } from '../drbd/mkfs.ts'
import type { MkfsDecision } from '../drbd/mkfs.ts'
import { BringupError } from '../errors.ts'
import type { Consent } from '../inventory/consent.ts'
import type { Overwrite } from './overwrite.ts'
import { lookAtDrbd, moreAboutDrbd, notWritable } from './mkfs_drbd.ts'
import { operation } from './operation.ts'
import type { ApplyContext, Change, ReadContext } from './operation.ts'
import { absolutePath, singleLine } from './params.ts'

const forced = /^(-F+|-f|--force)$/

const params = z.strictObject({
  device: absolutePath,
  type: z.enum(['ext4', 'xfs']),
  label: singleLine.min(1).max(16).optional(),
  options: z
    .array(singleLine.min(1).refine((option) => !forced.test(option), 'mkfs is never forced'))
    .default([])
    .describe('Of mkfs.ext4(8) or mkfs.xfs(8), as ["-m", "1"]'),
  drbd: z
    .strictObject({
      resource: z.string().min(1),
      minor: z.int().min(0),
      below: absolutePath.describe('The disk below, on this node, by which it is seen what is on it'),
    })
    .optional()
    .describe('Where the device is one of DRBD: it is made primary for the time'),
})

export type MkfsWant = z.output<typeof params>

export interface MkfsState {
  readonly host: string
  readonly look: DeviceLook | undefined
  /** The number of the device that is written to, and the consent that covers it. */
  readonly number: string
  readonly consent: Consent | undefined
  readonly decision: MkfsDecision
  /** Made primary for the time, and secondary again. */
  readonly promote: boolean
}

/**
 * A file system of this type on a device: made where nothing else is, or where the operator consented to lose what is.
 * Its options are those of its making; on one that is there they are not looked at.
 */
export const mkfs = operation('mkfs', {
  params,
  subject: ({ type, device }) => `${type} on ${device}`,
  key: ({ device }) => `mkfs:${device}`,

  read: readState,

  plan({ look, decision }, { type }): Change[] {
    if (decision.kind === 'keep') return []
    const wiped = decision.kind === 'make' && decision.wipe ? describeDevice(look!).slice(1) : []
    return [...wiped.map((line) => ({ summary: `destroy ${line}` })), { summary: `make ${type}` }]
  },

  overwrites: ({ host, look, consent, decision }, { device, drbd }): Overwrite[] => {
    if (decision.kind === 'keep') return []
    const known = {
      device,
      identity: drbd === undefined ? (look?.identity ?? '') : `drbd ${drbd.resource}, minor ${drbd.minor}`,
      holds: [
        ...(look === undefined ? [] : describeDevice(look)),
        ...(drbd === undefined ? [] : [`what stands on ${device} stands on all nodes of ${drbd.resource}`]),
      ],
    }
    if (decision.kind === 'make')
      return [
        decision.wipe && consent !== undefined
          ? { ...known, verdict: 'consented', reason: `${device} of ${host} is not blank`, consent }
          : { ...known, verdict: 'free', reason: '' },
      ]
    const { reason, remedy } = decision
    return [
      remedy === undefined
        ? { ...known, verdict: 'unconsented', reason: `${reason} (${host})` }
        : { ...known, verdict: 'forbidden', reason: `${reason} (${host})`, remedy },
    ]
  },

  async apply(context, _changes, want, now) {
    const fresh = await readState(context, want)
    if (!isDeepStrictEqual(fresh, now) || fresh.decision.kind !== 'make')
      throw new BringupError('CHANGED_MEANWHILE', `${want.device} was changed while this run looked at it`, {
        expected: now.look === undefined ? 'no device' : describeDevice(now.look).join('\n'),
        seen: fresh.look === undefined ? 'no device' : describeDevice(fresh.look).join('\n'),
        remedy: 'Nothing was written to it. See who works on it, and run again.',
      })
    await make(context, want, fresh, fresh.decision.wipe)
  },

  after: (now): MkfsState => ({ ...now, decision: { kind: 'keep' } }),
})

async function readState(context: ReadContext, want: MkfsWant): Promise<MkfsState> {
  const { host, check } = context
  const { device, type, drbd } = want
  const looked = await lookAtDevice(context, drbd?.below ?? device, drbd && moreAboutDrbd(drbd))
  if (looked === undefined) {
    const missing =
      drbd === undefined ? `there is no ${device}` : `${device} has no disk here, ${drbd.below} is not there`
    const decision = { kind: 'refused', reason: missing, remedy: 'Name a device that is there.' } as const
    return { host, look: undefined, number: '', consent: undefined, decision, promote: false }
  }
  const { look, consentFor } = looked
  const state = drbd === undefined ? undefined : lookAtDrbd(looked, drbd)
  const number = state?.number ?? look.number
  const consent = consentFor(number)
  const signatures = look.content.signatures.filter(
    ({ type: found }) => drbd === undefined || found !== 'drbd',
  )
  // Before its metadata are made, what is on the disk below is no content of the DRBD device: it goes, or nothing is made.
  const none = state !== undefined && !state.metadata
  const decision = decideMkfs({
    device,
    wanted: type,
    content: { ...look.content, signatures: none ? [] : signatures },
    otherData: drbd === undefined && look.otherData,
    partitions: drbd === undefined ? look.partitions.map(({ path }) => path) : [],
    uses: state?.uses ?? usesOf(look),
    consented: consent !== undefined,
    notHere: state === undefined || check ? undefined : notWritable(state),
  })
  return { host, look, number, consent, decision, promote: state?.role === 'Secondary' }
}

const MAKE = `set -eu
${WIPE_TEXT}
device=$(readlink -f -- "$1") number=$2 wipe=$3 resource=$4; shift 4
be_device "$device" "$number"
demote() {
  # udev looks at what was just made, and holds it open for that.
  for _ in 1 2 3 4 5; do
    udevadm settle 2>/dev/null || true
    if drbdadm secondary "$resource" </dev/null; then return; fi
    sleep 1
  done
  echo "$resource was made primary for this, and could not be made secondary again" >&2
  return 1
}
if [ -n "$resource" ]; then drbdadm primary "$resource" </dev/null; trap 'code=$?; trap - EXIT; demote && exit $code' EXIT; fi
if [ "$wipe" = yes ]; then wipe "$device"; fi
"$@" "$device" </dev/null
sync "$device" 2>/dev/null || sync`

async function make(
  context: ApplyContext,
  want: MkfsWant,
  { number, promote }: MkfsState,
  wipe: boolean,
): Promise<void> {
  const { device, type, label, options, drbd } = want
  const words = [`mkfs.${type}`, '-q', ...(label === undefined ? [] : ['-L', label]), ...options]
  const args = [device, number, wipe ? 'yes' : 'no', promote ? (drbd?.resource ?? '') : '', ...words]
  const { exitCode, stderr, stdout } = await context.$({
    unbroken: true,
    nothrow: true,
  })`LC_ALL=C sh -c ${MAKE} sh ${args}`
  if (exitCode === 0) return
  const seen = `${stderr}\n${stdout}`.trim()
  if (exitCode === OTHER_DEVICE)
    throw new BringupError('CHANGED_MEANWHILE', `${device} leads to another device than a moment ago`, {
      seen,
      remedy: 'Nothing was written to it. Name it by a path that stays (/dev/disk/by-id), and run again.',
    })
  throw new BringupError('COMMAND_FAILED', `mkfs.${type} failed on ${device}`, {
    seen,
    remedy: 'Read what it said; nothing was forced.',
  })
}
