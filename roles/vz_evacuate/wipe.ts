import { isDeepStrictEqual } from 'node:util'
import { BringupError, operation, z } from 'bringup'
import type { ApplyContext, Change, Overwrite, ReadContext } from 'bringup'
import { describeDevice } from '../../src/devices/describe.ts'
import { OTHER_DEVICE, WIPE_TEXT } from '../../src/devices/wipe_text.ts'
import { VZ } from '../../src/evacuation/vz_disk.ts'
import { absolutePath } from '../../src/operations/params.ts'
import { nextStep } from './decide.ts'
import type { Step } from './decide.ts'
import { lookAtVz } from './look.ts'
import type { SeenVz } from './look.ts'

const params = z.strictObject({
  node: z.string(),
  device: absolutePath,
  keeps: z.boolean(),
  joins: z.boolean(),
  expendable: z.boolean(),
  to: absolutePath,
})

export type VzWanted = z.output<typeof params>

export interface VzState {
  /** Undefined where there is no such device. */
  readonly seen: SeenVz | undefined
  readonly step: Step
}

/**
 * The device of /vz, freed of it. Before the play this tells whether it may be, and asks for the consent to lose what is
 * on it; it is applied where the marker says that what was on it is kept elsewhere, or given up.
 */
export const vz_wipe = operation('vz_wipe', {
  params,
  subject: ({ device }) => device,
  key: ({ device }) => `vz:${device}`,
  read: readVz,

  plan: ({ seen, step }): Change[] =>
    isDue(step)
      ? [
          ...(seen === undefined ? [] : describeDevice(seen.look).slice(1)).map((line) => ({
            summary: `destroy ${line}`,
          })),
          { summary: 'wipe it' },
        ]
      : [],

  overwrites: (now, want): Overwrite[] => (isDue(now.step) ? [overwriteOf(now, want)] : []),

  async apply(context, _changes, want, now) {
    const fresh = await readVz(context, want)
    if (!isDeepStrictEqual(fresh, now) || fresh.seen === undefined)
      throw new BringupError('CHANGED_MEANWHILE', `${want.device} was changed while this run looked at it`, {
        remedy: 'Nothing was written to it. See who works on it, and run again.',
      })
    if (fresh.step.kind !== 'wipe' || fresh.seen.look.mounts.length > 0)
      throw new BringupError('INTERNAL', `${want.device} is not ready to be wiped: ${fresh.step.kind}`)
    await wipe(context, fresh.seen)
  },

  after: (now): VzState => ({ ...now, step: { kind: 'record' } }),
})

const isDue = ({ kind }: Step): boolean => !['done', 'record'].includes(kind)

export async function readVz(context: ReadContext, want: VzWanted): Promise<VzState> {
  const { node, device } = want
  const seen = await lookAtVz(context, device)
  if (seen === undefined) {
    const step = {
      kind: 'refused',
      reason: `there is no ${device} on ${node}`,
      remedy: 'Name the device of /vz as the disk of this node in drbd_resources.',
    } as const
    return { seen, step }
  }
  return { seen, step: nextStep({ ...want, ...seen }) }
}

const REASONS: Readonly<Record<Exclude<Step['kind'], 'refused'>, string>> = {
  done: 'stays as it is',
  record: 'stays as it is',
  foreign: 'holds something else than a /vz, which is destroyed for DRBD',
  copy: 'holds the /vz that is kept: it is wiped once its copy was compared',
  lose: 'holds a /vz that is empty or may be lost: it is wiped',
  wipe: 'is wiped to the end, as an earlier run began it',
}

function overwriteOf({ seen, step }: VzState, { node, device }: VzWanted): Overwrite {
  const known = {
    device,
    identity: seen?.look.identity ?? '',
    holds: seen === undefined ? [] : [...describeDevice(seen.look), ...(seen.disk.files ?? [])],
  }
  if (step.kind === 'refused') {
    const { reason, remedy } = step
    return { ...known, verdict: 'forbidden', reason, remedy }
  }
  const { mounts = [], holders = [], swap = false, content, consent } = seen?.look ?? {}
  const others = [
    // Containers that run have it mounted below, until they are stopped.
    ...mounts.filter((mount) => !`${mount}/`.startsWith(`${VZ}/`)).map((mount) => `mounted on ${mount}`),
    ...(swap ? ['swap in use'] : []),
    ...holders.map((holder) => `held by ${holder}`),
  ]
  if (others.length > 0 || content?.unreadable !== undefined)
    return {
      ...known,
      verdict: 'forbidden',
      reason: `${device} of ${node} ${content?.unreadable === undefined ? 'is in use elsewhere' : 'cannot be read'}: ${[...others, content?.unreadable ?? []].flat().join(', ')}`,
      remedy: 'Take it out of use there first.',
    }
  const reason = `${device} of ${node} ${REASONS[step.kind]}`
  return consent === undefined
    ? { ...known, verdict: 'unconsented', reason }
    : { ...known, verdict: 'consented', reason, consent }
}

// By its number from here on: what the name leads to may be another device by now.
const SCRIPT = `set -eu
${WIPE_TEXT}
device=$(readlink -f -- "$1")
be_device "$device" "$2"
wipe "$device"`

async function wipe(context: ApplyContext, { look, marker }: SeenVz): Promise<void> {
  const { exitCode, stderr, stdout } = await context.$({
    unbroken: true,
    nothrow: true,
  })`LC_ALL=C sh -c ${SCRIPT} sh ${look.device} ${look.number}`
  if (exitCode === 0) return
  const copy = marker !== null && 'copy' in marker ? marker.copy : null
  const kept = copy === null ? '' : ` The copy of /vz is in ${copy.to}.`
  if (exitCode === OTHER_DEVICE)
    throw new BringupError('CHANGED_MEANWHILE', `${look.device} leads to another device than a moment ago`, {
      seen: stderr.trim(),
      remedy: `Nothing was written to it.${kept} Name it by a path that stays, and run again.`,
    })
  throw new BringupError('COMMAND_FAILED', `${look.device} could not be wiped`, {
    seen: `${stderr}\n${stdout}`.trim(),
    remedy: `See what holds it (lsblk, fuser -vm), then run again: it goes on from here.${kept}`,
  })
}
