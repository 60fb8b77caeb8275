import { parseAddresses } from './addresses.ts'
import { parseBlockDevices } from './block_devices.ts'
import type { Facts } from './facts.ts'
import { headersPackage } from './kernel_headers.ts'
import { parseOsRelease } from './os_release.ts'
import { parsePackageSources } from './package_sources.ts'
import { readSections } from './sections.ts'
import { parseServices } from './services.ts'
import { unitFileStates } from './unit_files.ts'
import { parseVersions } from './versions.ts'

/**
 * Reads the output of {@link gatherScript}. Whatever stands in it is taken or left out; nothing is an error but an
 * output that is cut off.
 *
 * @throws BringupError COMMAND_FAILED when the output has no end
 */
export function parseFacts(output: string, mark: string): Facts {
  const sections = readSections(output, mark)
  const { text, lines } = sections
  const release = text('release')
  const packageManager = nativeManager(lines('package_managers'))
  const os = parseOsRelease(text('os'))
  const architecture = text('architecture')
  return {
    hostname: text('hostname'),
    os,
    kernel: {
      release,
      headers: {
        package: headersPackage(release, packageManager, kernelPackage(lines('packages'))),
        path: text('headers') || null,
      },
    },
    architecture,
    cpus: count(text('cpus')) || 1,
    memory: count(/MemTotal:\s*(\d+)/.exec(text('memory'))?.[1]) * 1024,
    bootId: text('boot_id'),
    time: count(text('time')),
    packageManager,
    packageSources: parsePackageSources(lines('package_sources'), { os, architecture }),
    systemd: count(/^Version=(?:systemd )?(\d+)/m.exec(text('systemd'))?.[1]) || null,
    virtualization: virtualization(text('systemd')),
    addresses: parseAddresses(lines('addresses')),
    blockDevices: parseBlockDevices(lines('block_devices'), text('signatures'), lines('mounts')),
    services: parseServices(lines('units'), unitFileStates(lines('unit_files'), lines('unit_install'))),
    versions: parseVersions(lines('packages'), text('drbd_module')),
  }
}

/** apt counts only where dpkg knows packages: rpm systems can have it beside their own, and the other way round. */
function nativeManager(found: readonly string[]): Facts['packageManager'] {
  const inOrder = ['apt', 'dnf', 'yum'] as const
  return inOrder.find((manager) => found.includes(manager)) ?? null
}

/** systemd leaves it empty on a machine of metal, where `systemd-detect-virt` says `none`. */
function virtualization(manager: string): string {
  const found = /^Virtualization=(.*)$/m.exec(manager)?.[1]
  return found === undefined ? 'unknown' : found || 'none'
}

const kernelPackage = (lines: readonly string[]): string | null =>
  lines.find((line) => line.startsWith('kernel '))?.split(' ')[1] ?? null

function count(text: string | undefined): number {
  const number = Number.parseInt(text ?? '', 10)
  return Number.isSafeInteger(number) && number > 0 ? number : 0
}
