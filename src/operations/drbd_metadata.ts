import { isDeepStrictEqual } from 'node:util'
import * as z from 'zod'
import { describeDevice } from '../devices/describe.ts'
import { lookAtDevice } from '../devices/look.ts'
import type { DeviceLook, Looked } from '../devices/look.ts'
import { OTHER_DEVICE, WIPE_TEXT } from '../devices/wipe_text.ts'
import { DRIVERS } from '../drbd/keywords.ts'
import { decideMetadata } from '../drbd/metadata.ts'
import type { MetadataDecision } from '../drbd/metadata.ts'
import { explainCreateMd } from '../drbd/status/create_md.ts'
import type { Metadata } from '../drbd/status/generation.ts'
import { parseDumpMd, slotsOf } from '../drbd/status/generation.ts'
import { giArguments, parseUnattached } from '../drbd/status/generation_tuple.ts'
import { BringupError } from '../errors.ts'
import type { Overwrite } from './overwrite.ts'
import { operation } from './operation.ts'
import type { ApplyContext, Change, ReadContext } from './operation.ts'
import { absolutePath } from './params.ts'

const params = z.strictObject({
  resource: z.string().min(1),
  volume: z.int().min(0).default(0),
  minor: z.int().min(0).max(1048575),
  device: absolutePath.describe('The disk below, on this node'),
  driver: z.enum(DRIVERS).describe('8.4 has metadata v08, 9 has v09'),
  node_id: z.int().min(0).max(31).describe('Of this node in the resource; 8.4 keeps none'),
  max_peers: z.int().min(1).max(31).describe('How many peers there is to be room for; 8.4 has room for one'),
  foreign: z
    .boolean()
    .default(false)
    .describe('Metadata that are there are known not to belong to these data: they are not kept'),
})

type Want = z.output<typeof params>

export interface DrbdMetadataState {
  readonly host: string
  /** Undefined where there is no such device. */
  readonly look: DeviceLook | undefined
  readonly decision: MetadataDecision
}

/**
 * DRBD's internal metadata on the disk of a volume: made where nothing else lives, or where the operator consented to
 * lose what does; kept where they are there. create-md is never forced, and never answered for.
 */
export const drbd_metadata = operation('drbd_metadata', {
  params,
  subject: ({ resource, volume, device }) => `${resource}/${volume} on ${device}`,
  key: ({ device }) => `drbd_metadata:${device}`,

  read: readState,

  plan({ look, decision }, want): Change[] {
    if (decision.kind === 'keep') return []
    const wiped = decision.kind === 'make' && decision.wipe ? describeDevice(look!).slice(1) : []
    return [
      ...wiped.map((line) => ({ summary: `destroy ${line}` })),
      {
        summary: `make metadata ${formatOf(want)}${want.driver === '9' ? ` for ${want.max_peers} ${want.max_peers === 1 ? 'peer' : 'peers'}` : ''}`,
      },
    ]
  },

  overwrites: ({ host, look, decision }, want): Overwrite[] =>
    decision.kind === 'keep' ? [] : [overwriteOf(host, look, decision, want)],

  async apply(context, _changes, want, now) {
    const fresh = await readState(context, want)
    if (!isDeepStrictEqual(fresh, now) || fresh.look === undefined || fresh.decision.kind !== 'make')
      throw new BringupError('CHANGED_MEANWHILE', `${want.device} was changed while this run looked at it`, {
        expected: now.look === undefined ? 'no device' : describeDevice(now.look).join('\n'),
        seen: fresh.look === undefined ? 'no device' : describeDevice(fresh.look).join('\n'),
        remedy: 'Nothing was written to it. See who works on it, and run again.',
      })
    await make(context, want, fresh.look, fresh.decision.wipe)
  },

  after: (now): DrbdMetadataState => ({ ...now, decision: { kind: 'keep', why: 'made' } }),
})

const formatOf = ({ driver }: Pick<Want, 'driver'>): 'v08' | 'v09' => (driver === '9' ? 'v09' : 'v08')

async function readState(context: ReadContext, want: Want): Promise<DrbdMetadataState> {
  const { host } = context
  const { device, driver, minor } = want
  const ask = (section: string, format: string, command: string): string =>
    `said ${section} drbdmeta "$minor" ${format} "$path" internal ${command}`
  // Given a minor, drbdmeta asks drbdsetup whether that is attached, which loads the module where there is none.
  const more = `if has drbdmeta; then
    minor=${minor}; [ -e /proc/drbd ] || minor=-
    ${ask('v08', 'v08', 'dump-md')}
    ${ask('v09', 'v09', 'dump-md')}
    ${ask('gi', formatOf(want), giArguments(formatOf(want), want.node_id === 0 ? 1 : 0).join(' '))}
  fi`
  const looked = await lookAtDevice(context, device, more)
  if (looked === undefined) {
    const reason = `there is no ${device} on ${host}`
    return { host, look: undefined, decision: { kind: 'refused', reason, lives: '', add: undefined } }
  }
  const { look } = looked
  const { attached } = look
  const own = attached?.resource === want.resource && attached.volume === want.volume
  const found = metadataIn(looked, want, context)
  const decision = decideMetadata({
    host,
    device,
    driver,
    nodeId: want.node_id,
    maxPeers: want.max_peers,
    isForeign: want.foreign,
    consent: new Set(look.consent === undefined ? [] : [`${host}:${device}`]),
    facts: {
      ...look,
      ...found,
      attached: own,
      holders: [
        ...look.holders,
        ...(attached === undefined || own
          ? []
          : [`DRBD, for ${attached.resource}, volume ${attached.volume}`]),
      ],
      partitions: look.partitions.map(({ path }) => path),
    },
  })
  return { host, look, decision }
}

/** What drbdmeta says of both formats; where it is not there yet, as before its package is installed, blkid's word. */
function metadataIn(
  { look, more }: Looked,
  want: Want,
  { check }: ReadContext,
): { metadata: Metadata; slots: number | undefined } {
  const format = formatOf(want)
  const own = more(format)
  if (Number.isNaN(own.exitCode)) {
    if (!check)
      throw new BringupError('REFUSED', 'drbdmeta is not there', {
        remedy: 'Install drbd-utils first, as the role drbd_utils does.',
      })
    const seen = look.content.signatures.find(({ type }) => type === 'drbd')
    const unread = { kind: 'unread', format: seen?.version } as const
    return { metadata: seen === undefined ? { kind: 'none' } : unread, slots: undefined }
  }
  const read = parseUnattached(own, () => more('gi'))
  if (read.kind !== 'none') return { metadata: read, slots: slotsOf(own.stdout) }
  const other = format === 'v08' ? 'v09' : 'v08'
  const foreign = parseDumpMd(more(other))
  const metadata = foreign.kind === 'unknown' ? ({ kind: 'unread', format: other } as const) : foreign
  return { metadata, slots: undefined }
}

function overwriteOf(
  host: string,
  look: DeviceLook | undefined,
  decision: Exclude<MetadataDecision, { kind: 'keep' }>,
  { device }: Want,
): Overwrite {
  const known = {
    device,
    identity: look?.identity ?? '',
    holds: look === undefined ? [] : describeDevice(look),
  }
  if (decision.kind === 'refused')
    return decision.add === undefined
      ? {
          ...known,
          verdict: 'forbidden',
          reason: decision.reason,
          remedy: decision.remedy ?? `Look at ${device} of ${host}.`,
        }
      : { ...known, verdict: 'unconsented', reason: decision.reason }
  const consent = look?.consent
  return decision.wipe && consent !== undefined
    ? { ...known, verdict: 'consented', reason: `${device} of ${host} is not blank`, consent }
    : { ...known, verdict: 'free', reason: '' }
}

// With input from /dev/null create-md refuses where it finds something; its answer is what it says, not its status.
const MAKE = `set -eu
${WIPE_TEXT}
device=$(readlink -f -- "$1") number=$2 wipe=$3 minor=$4 format=$5; shift 5
be_device "$device" "$number"
if [ "$wipe" = yes ]; then wipe "$device"; be_device "$device" "$number"; fi
code=0; drbdmeta "$minor" "$format" "$device" internal create-md "$@" </dev/null || code=$?
blockdev --flushbufs "$device"
exit $code`

async function make(context: ApplyContext, want: Want, look: DeviceLook, wipe: boolean): Promise<void> {
  const { device, minor } = want
  const peers = want.driver === '9' ? [want.max_peers] : []
  const args = [device, look.number, wipe ? 'yes' : 'no', minor, formatOf(want), ...peers]
  const $ = context.$({ unbroken: true, nothrow: true })
  const { exitCode, stdout, stderr } = await $`LC_ALL=C sh -c ${MAKE} sh ${args}`
  const seen = `${stderr}\n${stdout}`.trim()
  if (exitCode === OTHER_DEVICE)
    throw new BringupError('CHANGED_MEANWHILE', `${device} leads to another device than a moment ago`, {
      seen,
      remedy: 'Nothing was written to it. Name it by a path that stays (/dev/disk/by-id), and run again.',
    })
  const made = explainCreateMd({ exitCode: exitCode ?? 1, stdout, stderr })
  if (made.kind === 'created') return
  throw new BringupError('REFUSED', `no metadata were made on ${device}: ${made.meaning}`, {
    seen,
    remedy: made.remedy,
  })
}
