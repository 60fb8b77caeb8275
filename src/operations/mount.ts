import * as z from 'zod'
import { BringupError } from '../errors.ts'
import { fstab } from './fstab.ts'
import { mountHolders } from './mount_holders.ts'
import { readMountPoint } from './mount_state.ts'
import type { Mounted, MountPoint } from './mount_state.ts'
import { operation } from './operation.ts'
import type { ApplyContext, Change } from './operation.ts'
import { absolutePath } from './params.ts'

const word = z.string().regex(/^[^\s#,\\]+$/, 'must be without blanks and commas')

const params = z
  .strictObject({
    mountpoint: absolutePath.describe('Directory, made where it is missing'),
    spec: z
      .string()
      .regex(/^[^\n\r\0]+$/)
      .optional()
      .describe('Device, UUID=…, LABEL=…, or a remote filesystem'),
    type: word.optional().describe('Filesystem type: ext4, xfs, nfs, …'),
    options: z.array(word).min(1).default(['defaults']).describe('Mount options, in order'),
    pass: z.int().min(0).default(0).describe('Order of fsck at boot: 1 for /, 2 for others, 0 for none'),
    state: z.enum(['mounted', 'unmounted']).default('mounted'),
    boot: z
      .boolean()
      .optional()
      .describe('Whether /etc/fstab mounts it at boot; left out, as it is to be now'),
    hide_files: z.boolean().default(false).describe('Mount also over a directory that has files in it'),
  })
  .refine(
    (want) => want.state === 'unmounted' || (want.spec !== undefined && want.type !== undefined),
    'spec and type are needed',
  )

type Want = z.output<typeof params>
type FstabState = Awaited<ReturnType<typeof fstab.read>>

export interface MountState extends MountPoint {
  readonly fstab: FstabState
}

/**
 * A filesystem, mounted now and at boot, or neither. Something else that is mounted there is never unmounted for it,
 * and what is in use is never torn away: then it says by whom.
 */
export const mount = operation('mount', {
  params,
  subject: ({ mountpoint }) => mountpoint,
  key: ({ mountpoint }) => `mount:${mountpoint}`,

  async read(context, want): Promise<MountState> {
    const [point, entry] = await Promise.all([
      readMountPoint(context, want.mountpoint, want.spec ?? ''),
      fstab.read(context, entryOf(want)),
    ])
    return { ...point, fstab: entry }
  },

  plan(now, want): Change[] {
    const kept = fstab.plan(now.fstab, entryOf(want))
    const due = dueNow(now, want)
    return [
      ...(due === null ? [] : [{ summary: summaryOf(due, now, want) }]),
      ...kept.map((change) => ({ ...change, summary: `at boot: ${change.summary}` })),
    ]
  },

  async apply(context, _changes, want, now) {
    const due = dueNow(now, want)
    // What cannot be mounted does not belong into fstab either: the next boot would wait for it.
    if (due === 'mount') await mountNow(context, now, want)
    else if (due === 'remount') await remount(context, want)
    else if (due === 'unmount') await unmount(context, want.mountpoint)
    else if (due === 'other') throw otherMounted(now, want)
    const kept = fstab.plan(now.fstab, entryOf(want))
    if (kept.length === 0) return
    await fstab.apply(context, kept, entryOf(want), now.fstab)
    // systemd makes units of it, and says at every start how old they are.
    await context.$({ nothrow: true })`[ ! -d /run/systemd/system ] || systemctl daemon-reload`
  },

  after: (now, want): MountState => ({
    device: now.device,
    occupied: false,
    mounted: want.state === 'unmounted' ? null : mountedAfter(now, want),
    fstab: fstab.after(now.fstab, entryOf(want)),
  }),
})

type Due = 'mount' | 'remount' | 'unmount' | 'other' | null

function dueNow({ mounted, device }: MountState, want: Want): Due {
  if (want.state === 'unmounted') return mounted === null ? null : 'unmount'
  if (mounted === null) return 'mount'
  if (!isBind(want) && mounted.source !== (device ?? want.spec)) return 'other'
  return missingOptions(mounted, want).length > 0 ? 'remount' : null
}

/** A bind mount shows the device of the directory that it is of. */
const isBind = ({ options }: Want): boolean => options.includes('bind') || options.includes('rbind')

/** Options that the kernel shows as they were given; of the others nobody can tell. */
const SHOWN = ['ro', 'nosuid', 'nodev', 'noexec', 'noatime', 'nodiratime', 'relatime', 'sync', 'dirsync']

function missingOptions({ options }: Mounted, want: Want): string[] {
  const missing = want.options.filter((option) => SHOWN.includes(option) && !options.includes(option))
  return want.options.includes('ro') || !options.includes('ro') ? missing : ['rw', ...missing]
}

function mountedAfter(now: MountState, want: Want): Mounted {
  const before = now.mounted?.options ?? []
  const options = [...before.filter((option) => option !== 'ro'), ...want.options]
  const source = isBind(want) && now.mounted !== null ? now.mounted.source : (now.device ?? want.spec ?? '')
  return { source, type: want.type ?? '', options }
}

function summaryOf(due: NonNullable<Due>, now: MountState, want: Want): string {
  switch (due) {
    case 'mount':
      return `mount ${want.spec}${now.occupied ? ', over files that are there' : ''}`
    case 'remount':
      return `remount with ${now.mounted === null ? '' : missingOptions(now.mounted, want).join(',')}`
    case 'unmount':
      return `unmount ${now.mounted?.source}`
    case 'other':
      return `mount ${want.spec} (${now.mounted?.source} is mounted there)`
  }
}

function entryOf(want: Want) {
  const { mountpoint, spec, type, options, pass, state, boot = state === 'mounted' } = want
  return fstab.params.parse(
    boot
      ? { mountpoint, spec, type, options, pass, create: true }
      : { mountpoint, state: 'absent', create: true },
  )
}

async function mountNow(context: ApplyContext, now: MountState, want: Want): Promise<void> {
  const { spec = '', type = '', options, mountpoint } = want
  if (now.occupied && !want.hide_files)
    throw new BringupError('REFUSED', `there are files in ${mountpoint}, which the mount would hide`, {
      remedy: 'Move them away, or set `hide_files: true` for this task.',
    })
  await context.$`mkdir -p ${mountpoint}`
  await context.$`mount -t ${type} -o ${options.join(',')} ${spec} ${mountpoint}`
}

/** mount(8) takes what is not said from fstab, where the old options are still. */
async function remount(context: ApplyContext, { options, mountpoint }: Want): Promise<void> {
  const all = ['remount', ...(options.includes('ro') ? [] : ['rw']), ...options]
  await context.$`mount -o ${all.join(',')} ${mountpoint}`
}

async function unmount(context: ApplyContext, path: string): Promise<void> {
  const { exitCode, stderr } = await context.$({ nothrow: true })`umount ${path}`
  if (exitCode === 0) return
  const holders = await mountHolders(context, path)
  throw new BringupError('BUSY', `${path} cannot be unmounted`, {
    seen: [stderr.trim(), ...(holders === '' ? [] : ['It is used by:', holders])].join('\n'),
    remedy: 'Stop what uses it; then run again.',
  })
}

const otherMounted = ({ mounted }: MountState, { spec, mountpoint }: Want): BringupError =>
  new BringupError('REFUSED', `something else is mounted at ${mountpoint}`, {
    expected: spec ?? 'nothing',
    seen: `${mounted?.source} (${mounted?.type})`,
    remedy: 'Unmount it first, in a task of its own, if that is meant.',
  })
