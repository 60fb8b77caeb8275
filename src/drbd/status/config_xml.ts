import { isIP } from 'node:net'
import { child, elements, parseXml, textOf, walk } from '../../pacemaker/xml.ts'
import type { XmlElement } from '../../pacemaker/xml.ts'

/** A resource as the files of one node have it. */
export interface ConfiguredResource {
  readonly name: string
  readonly hosts: readonly ConfiguredHost[]
  /** As written; undefined where nothing is said. */
  readonly fencing: string | undefined
  readonly quorum: string | undefined
}

export interface ConfiguredHost {
  /** As `uname -n` says there. */
  readonly name: string
  /** For replication, without ports. */
  readonly addresses: readonly string[]
  readonly volumes: readonly {
    readonly volume: number
    readonly minor: number | undefined
    /** `none` where it is to have no disk. */
    readonly disk: string
  }[]
}

/**
 * Reads `drbdadm dump-xml`, of 8.4 and 9. Nothing is kept that could be a secret.
 * @throws BringupError where it is not XML
 */
export function parseConfigXml(text: string): ConfiguredResource[] {
  const root = parseXml(text, 'drbdadm dump-xml')
  const common = child(root, 'common')
  return elements(root, 'resource').map((resource) => {
    const option = (name: string) => optionOf(resource, name) ?? optionOf(common, name)
    const inConnections = elements(resource, 'connection').flatMap((one) => [...walk(one)])
    return {
      name: resource.attributes.name ?? '',
      hosts: elements(resource, 'host').map((host) => {
        const name = host.attributes.name ?? ''
        // 9 writes addresses inside of its connections, where there are any.
        const elsewhere = inConnections.filter((one) => one.name === 'host' && one.attributes.name === name)
        const addresses = [host, ...elsewhere].flatMap((one) => elements(one, 'address')).map(textOf)
        return {
          name,
          // Where a host has none of its own, printf says `(null)`.
          addresses: [...new Set(addresses.map((one) => one.trim()).filter((one) => isIP(one) !== 0))],
          volumes: elements(host, 'volume').map(volumeOf),
        }
      }),
      fencing: option('fencing'),
      quorum: option('quorum'),
    }
  })
}

function volumeOf(volume: XmlElement): ConfiguredHost['volumes'][number] {
  const minor = child(volume, 'device')?.attributes.minor
  const disk = child(volume, 'disk')
  const path = disk === undefined ? 'none' : textOf(disk).trim()
  return {
    volume: Number(volume.attributes.vnr ?? 0),
    minor: minor === undefined ? undefined : Number(minor),
    disk: path === '(null)' ? 'none' : path,
  }
}

/** `fencing` stands in `disk` for 8.4 and in `net` for 9; what a part of the resource says holds for it. */
function optionOf(parent: XmlElement | undefined, name: string): string | undefined {
  if (parent === undefined) return undefined
  const option = [...walk(parent)].find((one) => one.name === 'option' && one.attributes.name === name)
  return option?.attributes.value
}
