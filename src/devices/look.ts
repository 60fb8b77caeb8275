import { randomBytes } from 'node:crypto'
import type { Bytes } from '../connection/remote.ts'
import { deviceContent } from '../drbd/status/device_content.ts'
import type { DeviceContent, Signature } from '../drbd/status/device_content.ts'
import type { Said } from '../drbd/status/generation.ts'
import { BringupError } from '../errors.ts'
import { readSections } from '../facts/sections.ts'
import type { Sections } from '../facts/sections.ts'
import type { Consent } from '../inventory/consent.ts'
import { runScript } from '../operations/host_script.ts'
import type { ReadContext } from '../operations/operation.ts'
import { attachedDisks } from './attached.ts'
import type { AttachedDisk } from './attached.ts'
import { identityOf } from './identity.ts'
import { lookScript } from './look_script.ts'

/** A block device, and all that is known of what is on it. */
export interface DeviceLook {
  /** As it was asked for, and what that leads to: `/dev/disk/by-id/…` and `/dev/sdb`. */
  readonly device: string
  readonly path: string
  /** The kernel's `major:minor`, until the next boot. */
  readonly number: string
  readonly size: Bytes
  readonly readOnly: boolean
  /** What tells it from every other device, also after a reboot; see {@link identityOf}. */
  readonly identity: string
  /** For people: `QEMU HARDDISK`, or empty. */
  readonly model: string
  /** Where it, a partition of it, or a file system over it and others is mounted. */
  readonly mounts: readonly string[]
  readonly swap: boolean
  /** What the kernel has on top of it or its partitions: `dm-0 (vg-root)`, `md127`; without DRBD. */
  readonly holders: readonly string[]
  readonly partitions: readonly { readonly path: string; readonly signatures: readonly Signature[] }[]
  readonly content: DeviceContent
  /** Whether bytes other than 0 were seen on a device without any signature. */
  readonly otherData: boolean
  /** The DRBD volume that has it attached. */
  readonly attached: AttachedDisk | undefined
  /** That leads to this device itself: one to the disk does not cover its partition, nor the other way round. */
  readonly consent: Consent | undefined
}

export interface Looked {
  readonly look: DeviceLook
  /** The sections that the caller asked for. */
  readonly more: (name: string) => Said
  /** The consent that leads to the device of this number. */
  readonly consentFor: (number: string) => Consent | undefined
}

/**
 * Looks at a block device in one round trip, without writing anything; undefined where there is none.
 * @param more a script for further sections; see {@link lookScript}
 * @throws BringupError COMMAND_FAILED where the path is no block device
 */
export async function lookAtDevice(
  context: Pick<ReadContext, 'remote' | 'consents'>,
  device: string,
  more = '',
): Promise<Looked | undefined> {
  const { consents } = context
  const mark = randomBytes(12).toString('hex')
  const paths = [device, ...consents.map((consent) => consent.device)]
  const { stdout } = await runScript(context, lookScript(mark, more), paths, { timeout: 120 })
  const sections = readSections(stdout.toString('utf8'), mark)
  const [kind, path = '', number = '', sectors, readOnly] = sections.text('device').split('\n')
  if (kind === 'missing') return undefined
  if (kind !== 'block')
    throw new BringupError('COMMAND_FAILED', `${device} is no block device`, {
      remedy: 'Name a disk, a partition or a logical volume.',
    })
  const attached = attachedDisks(said(sections, 'drbd.show').stdout, sections.lines('drbd.disks')).get(number)
  const covering = sections.text('consents').split('\n')
  const consentFor = (of: string): Consent | undefined =>
    consents.find((_consent, index) => covering[index]?.trim() === `to ${of}`)
  const samples = sections.lines('samples')
  const look: DeviceLook = {
    device,
    path,
    number,
    size: Number(sectors) * 512,
    readOnly: readOnly === '1',
    ...identityOf(sections.lines('identity'), number),
    mounts: [...new Set(sections.lines('mounts').map(unescaped))],
    swap: sections.lines('swap').length > 0,
    // 8.4 and 9 link themselves there; which volume that is says more.
    holders: sections.lines('holders').filter((name) => attached === undefined || !/^drbd\d+$/.test(name)),
    partitions: partitionsOf(sections.text('partitions')),
    content: contentOf(sections, samples),
    otherData: samples.includes('1'),
    attached,
    consent: consentFor(number),
  }
  return { look, more: (name) => said(sections, name), consentFor }
}

function said(sections: Sections, name: string): Said {
  return {
    // A section that was not asked for has no code, which is not 0.
    exitCode: Number(sections.text(`${name}.code`) || Number.NaN),
    stdout: sections.text(name),
    stderr: sections.text(`${name}.stderr`),
  }
}

/** Nothing may be written where it cannot be told what is there, or whether DRBD uses it. */
function contentOf(sections: Sections, samples: readonly string[]): DeviceContent {
  const content = deviceContent(said(sections, 'blkid'), said(sections, 'wipefs'))
  const { exitCode, stderr } = said(sections, 'drbd.show')
  const loaded = sections.text('drbd').startsWith('module')
  const unreadable =
    content.unreadable ??
    (samples.includes('unreadable') && !samples.includes('1') ? 'parts of it cannot be read' : undefined) ??
    (content.signatures.length === 0 && samples.length === 0 ? 'its bytes were not looked at' : undefined) ??
    (loaded && exitCode !== 0 ? `drbdsetup show: ${stderr || 'it is not there'}` : undefined)
  return { ...content, unreadable }
}

/** The answers of `blkid -p -o export`, each with a line `partition PATH` behind it. */
function partitionsOf(text: string): DeviceLook['partitions'] {
  const parts = text.split(/^partition (.*)$/m)
  return parts.flatMap((path, index) => {
    if (index % 2 === 0) return []
    const stdout = parts[index - 1] ?? ''
    const nothing = { exitCode: 0, stdout: '', stderr: '' }
    return [{ path, signatures: deviceContent({ ...nothing, stdout }, nothing).signatures }]
  })
}

/** proc(5): blanks in mount points are octal. */
const unescaped = (path: string): string =>
  path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
