import { readdirSync, readFileSync } from 'node:fs'
import { allStatus } from '../../../../src/cluster/status/all_status.ts'
import type { AllStatus } from '../../../../src/cluster/status/all_status.ts'
import type { Unreachable } from '../../../../src/cluster/status/clusters.ts'
import { parseHostReport } from '../../../../src/cluster/status/host_report.ts'
import type { HostReport } from '../../../../src/cluster/status/host_report.ts'

const MARK = '@@MARK@@'

/** What two virtual machines (Debian 12, the kernel's own DRBD 8.4.11) answered, each time after one thing was done. */
export const STATES = readdirSync(new URL('fixtures/', import.meta.url))

/** @param edit of what each of them answered */
export function pair(state: string, edit = (text: string): string => text): HostReport[] {
  const directory = new URL(`fixtures/${state}/`, import.meta.url)
  return readdirSync(directory).map((file) =>
    parseHostReport(file.replace('.txt', ''), edit(readFileSync(new URL(file, directory), 'utf8')), MARK),
  )
}

export const GONE: Unreachable = {
  host: 'server2',
  address: '192.168.111.102',
  problem: 'it does not answer',
  remedy: 'See that the host is up.',
}

/** The same hosts with one of them away. */
export const withoutServer2 = (state: string): AllStatus =>
  allStatus(
    pair(state).filter(({ host }) => host !== 'server2'),
    [GONE],
  )

export interface NineOptions {
  readonly module?: string
  readonly role?: string
  readonly disk?: string
  readonly suspended?: boolean
  readonly quorum?: boolean
  readonly connections?: readonly object[]
  readonly config?: string
  readonly utils?: string
  readonly loaded?: string
  readonly installed?: string
  readonly generation?: string
  /** Of `drbdsetup status`; made of the others when left out. */
  readonly state?: string
}

/** A connection as drbdsetup of 9 prints one. */
export const connection = (name: string, fields: object = {}, volume: object = {}) => ({
  'peer-node-id': 1,
  name,
  'connection-state': 'Connected',
  congested: false,
  'peer-role': 'Secondary',
  peer_devices: [
    {
      volume: 0,
      'replication-state': 'Established',
      'peer-disk-state': 'UpToDate',
      'out-of-sync': 0,
      'percent-in-sync': 100,
      ...volume,
    },
  ],
  ...fields,
})

/** dump-xml of 9, with a diskless third node on request. Written after drbdadm_dump.c. */
export const configOf9 = (nodes: readonly string[], options = ''): string => `<config file="/etc/drbd.conf">
    <common>
    </common>
    <resource name="r0" conf-file-line="/etc/drbd.d/r0.res:1">
${nodes
  .map(
    (name, index) => `        <host name="${name}">
            <volume vnr="0">
                <device minor="0">/dev/drbd0</device>
                <disk>${index < 2 ? '/dev/vdb' : '(null)'}</disk>
                <meta-disk>internal</meta-disk>
            </volume>
            <address family="(null)" port="(null)">(null)</address>
        </host>`,
  )
  .join('\n')}
        <connection>
${nodes.map((name, index) => `            <host name="${name}"><address family="ipv4" port="7788">10.0.0.${index + 1}</address></host>`).join('\n')}
        </connection>
        <section name="options">${options}</section>
    </resource>
</config>`

/**
 * A host with DRBD 9. Written by hand after the tools' sources (drbdsetup.c, drbdadm_dump.c): no kernel of 9 was at
 * hand for it.
 */
export function nine(host: string, options: NineOptions = {}): HostReport {
  const {
    module = '9.2.16',
    role = 'Secondary',
    disk = 'UpToDate',
    suspended = false,
    quorum = true,
  } = options
  const peer = host === 'server1' ? 'server2' : 'server1'
  const connections = options.connections ?? [connection(peer)]
  const state = [
    {
      name: 'r0',
      'node-id': 0,
      role,
      suspended,
      devices: [{ volume: 0, minor: 0, 'disk-state': disk, client: false, quorum, size: 1048576 }],
      connections,
    },
  ]
  const sections: Record<string, string> = {
    user: '0\nroot',
    hostname: host,
    addresses: `2: eth0    inet 192.168.7.${host.at(-1)}/24 scope global eth0`,
    packages: `installed drbd-utils ${options.utils ?? '9.34.0'}-1`,
    monitor_exit: '127',
    drbd_proc:
      module === '' ? '' : `version: ${module} (api:2/proto:86-122)\nTransports (api:21): tcp (${module})`,
    drbd_loaded: options.loaded ?? `version ${module}\nsrcversion AAAA`,
    drbd_installed: options.installed ?? `version ${module}\nsrcversion AAAA`,
    drbd_conf: options.config ?? configOf9(['server1', 'server2']),
    drbd_conf_exit: '0',
    drbd_state: options.state ?? JSON.stringify(state),
    drbd_generations: options.generation === undefined ? '' : `volume r0/0\n${options.generation}`,
    end: '',
  }
  const output = Object.entries(sections).map(([name, text]) => `\n${MARK} ${name}\n${text}\n`)
  return parseHostReport(host, output.join(''), MARK)
}
