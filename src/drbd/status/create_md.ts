import type { Said } from './generation.ts'

export type CreateMd =
  | { readonly kind: 'created' }
  | {
      readonly kind: 'metadata' | 'filesystem' | 'data' | 'busy' | 'too-small' | 'other'
      /** What create-md found there, in words. */
      readonly meaning: string
      readonly remedy: string
    }

type Refusal = Exclude<CreateMd, { kind: 'created' }>

const WIPE = 'Look what it holds; consent to losing it by host and device, or name another disk.'

// The words decide: exit codes differ between versions (1, 20, 40), and one stands for several of these.
const REFUSALS: readonly (readonly [RegExp, Refusal])[] = [
  [
    /Exclusive open failed|Device or resource busy/,
    {
      kind: 'busy',
      meaning: 'the device is in use: mounted, swapped to, or held by LVM, RAID or another DRBD',
      remedy: 'Take it out of use first; no consent helps here.',
    },
  ],
  [
    /Device '[^']+' is configured!/,
    {
      kind: 'busy',
      meaning: 'this DRBD device is up: its metadata are there and in use',
      remedy: 'Leave it as it is, or `drbdadm down` the resource first.',
    },
  ],
  [
    /would be truncated|would corrupt existing data|Operation refused/,
    {
      kind: 'filesystem',
      meaning: 'a file system, swap or LVM reaches into the place where the metadata go',
      remedy: WIPE,
    },
  ],
  [
    /There appears to be a v\d+|overwrite the existing meta-data|Valid v\d+ meta-data found/,
    {
      kind: 'metadata',
      meaning: 'DRBD metadata are there already, of this resource or of another',
      remedy: 'Compare `drbdadm dump-md` with the resource; metadata of another one need consent to be lost.',
    },
  ],
  [
    /place the new meta data into\s+unused space|Found some data/,
    { kind: 'data', meaning: 'there is data on the device', remedy: WIPE },
  ],
  [
    /too small|Device size/i,
    {
      kind: 'too-small',
      meaning: 'the device has no room for the metadata',
      remedy: 'Take a larger disk, or fewer max_peers.',
    },
  ],
]

/** What `drbdadm create-md` without --force and with no terminal did, or why it refused. */
export function explainCreateMd({ exitCode, stdout, stderr }: Said): CreateMd {
  const said = `${stderr}\n${stdout}`
  // Only its own words prove it: the exit code is that of the last volume.
  if (exitCode === 0 && /successfully created/.test(said)) return { kind: 'created' }
  const refusal = REFUSALS.find(([words]) => words.test(said))?.[1]
  return (
    refusal ?? {
      kind: 'other',
      meaning: `create-md failed with exit ${exitCode}: ${said.trim().split('\n').at(-1) || 'it said nothing'}`,
      remedy: 'Read what it said; nothing was forced.',
    }
  )
}
