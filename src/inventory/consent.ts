import type { Problems } from '../problems.ts'
import { didYouMean } from '../nearest.ts'
import type { Inventory } from './inventory.ts'
import type { Layer, WrittenSetting } from './layer.ts'
import type { Setting } from './setting_names.ts'

/** What is on a device of a host may be destroyed; the operator named both. */
export interface Consent {
  /** As it was given: `/dev/sdb`, `/dev/disk/by-id/…`; what it leads to only the host can tell. */
  readonly device: string
  /** For people: `--destroy server1:/dev/sdb`, `hosts.yml:12`. */
  readonly from: string
}

const DEVICE = /^\/dev\/[^\0\r\n]+$/
const form = 'a device by its absolute path below /dev, as /dev/sdb'

const isDevice = (text: unknown): text is string =>
  typeof text === 'string' && DEVICE.test(text) && !/(^|\/)\.\.?(\/|$)/.test(text)

const normal = (device: string): string => device.replace(/\/+/g, '/').replace(/\/$/, '')

/** What a host's `destroy: [DEVICE]` consents to. */
export function consentsOf(settings: ReadonlyMap<Setting, WrittenSetting>, problems: Problems): Consent[] {
  const written = settings.get('destroy')
  if (written === undefined || written.value === null) return []
  const wrong = (message: string, path: readonly PropertyKey[]): void =>
    problems.add('INVENTORY_INVALID', `destroy: ${message}`, {
      at: written.locate(path),
      remedy: 'Write a list of devices by their absolute paths: [/dev/sdb].',
    })
  if (!Array.isArray(written.value)) {
    wrong('expected a list of devices', [])
    return []
  }
  return written.value.flatMap((device: unknown, index) => {
    const at = written.locate([index])
    if (isDevice(device)) return [{ device: normal(device), from: `${at.file}:${at.line}` }]
    wrong(`expected ${form}`, [index])
    return []
  })
}

/** Consent names the host: one in a group's vars would be given for hosts that nobody thought of, or that come later. */
export function refuseConsentOfGroups(layers: Iterable<Layer>, problems: Problems): void {
  for (const layer of layers) {
    const written = layer.settings.get('destroy')
    if (written !== undefined)
      problems.add('INVENTORY_INVALID', 'destroy: consent is given for a host, not for a group', {
        at: written.nameAt ?? written.at,
        remedy: 'Write it below each host that it is meant for.',
      })
  }
}

/** The inventory with what the command line consents to: `HOST:DEVICE` each. */
export function withConsents(inventory: Inventory, given: readonly string[], problems: Problems): Inventory {
  const hosts = new Map(inventory.hosts)
  for (const text of given) {
    const [, name = '', device] = /^([^:]+):(.*)$/s.exec(text) ?? []
    if (!isDevice(device)) {
      problems.add('USAGE', `--destroy takes HOST:DEVICE, ${form}`, {
        seen: text,
        remedy: 'Write for example: --destroy server1:/dev/sdb.',
      })
      continue
    }
    const host = hosts.get(name)
    if (host === undefined) {
      problems.add('HOST_UNKNOWN', `--destroy ${text}: no host "${name}"${didYouMean(name, hosts.keys())}`, {
        remedy: 'Name a host as the inventory does.',
      })
      continue
    }
    const consent = { device: normal(device), from: `--destroy ${text}` }
    hosts.set(name, { ...host, consents: [...host.consents, consent] })
  }
  return { ...inventory, hosts }
}
