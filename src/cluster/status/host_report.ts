import { parseHostDrbd } from '../../drbd/status/host_drbd.ts'
import type { HostDrbd } from '../../drbd/status/host_drbd.ts'
import { parseAddresses } from '../../facts/addresses.ts'
import type { Facts } from '../../facts/facts.ts'
import { readSections } from '../../facts/sections.ts'
import { parseVersions } from '../../facts/versions.ts'
import { readSets } from '../../pacemaker/cib/attribute_set.ts'
import { clusterOf } from '../../pacemaker/corosync/cluster.ts'
import type { CorosyncCluster } from '../../pacemaker/corosync/cluster.ts'
import { parseConf } from '../../pacemaker/corosync/conf.ts'
import { parseLinkStatus, parseQuorumStatus } from '../../pacemaker/corosync/status.ts'
import type { LinkStatus, QuorumStatus } from '../../pacemaker/corosync/status.ts'
import { parseCrmMon } from '../../pacemaker/crm_mon.ts'
import type { ClusterStatus } from '../../pacemaker/crm_mon.ts'
import { leftBehind } from '../../pacemaker/left_behind.ts'
import type { LeftBehind } from '../../pacemaker/left_behind.ts'
import { cibWarnings } from '../../pacemaker/warnings.ts'
import { child, element, parseXml } from '../../pacemaker/xml.ts'

/** One host's own view of the cluster. What it could not say is undefined. */
export interface HostReport {
  /** As the inventory calls it. */
  readonly host: string
  readonly hostname: string
  /** Who asked; the cluster answers nobody but root. */
  readonly user: string
  readonly isRoot: boolean
  readonly addresses: readonly string[]
  readonly versions: Facts['versions']
  /** `active`, `inactive`, `failed`, … by name without `.service`; only units that are there. */
  readonly units: Readonly<Record<string, string>>
  readonly conf: CorosyncCluster | undefined
  /** True where there is a corosync.conf that corosync would refuse. */
  readonly confUnreadable: boolean
  readonly links: LinkStatus | undefined
  readonly quorum: QuorumStatus | undefined
  readonly monitor: ClusterStatus | undefined
  /** How crm_mon ended: 127 where there is none, 124 where it did not answer in time. */
  readonly monitorExit: number
  readonly warnings: readonly string[]
  readonly leftBehind: readonly LeftBehind[]
  /** `cluster-name` of the CIB, for nodes that have no corosync.conf. */
  readonly clusterName: string | undefined
  /** Undefined where there is none. */
  readonly drbd: HostDrbd | undefined
}

/**
 * Pure: reads what `statusScript` printed. A tool that said nothing sensible leaves its part undefined.
 * @throws BringupError COMMAND_FAILED where the output is cut off
 */
export function parseHostReport(host: string, output: string, mark: string): HostReport {
  const sections = readSections(output, mark)
  const { text, lines } = sections
  const [uid, user = ''] = lines('user')
  const cib = readable(() => parseXml(text('cib')))
  const whole = cib === undefined ? undefined : element('cib', {}, [cib])
  const conf = text('conf') === '' ? undefined : readable(() => clusterOf(parseConf(text('conf'))))
  return {
    host,
    hostname: text('hostname'),
    user,
    isRoot: uid === '0',
    addresses: parseAddresses(lines('addresses')).map(({ address }) => address),
    versions: parseVersions(lines('packages'), ''),
    units: unitStates(text('units')),
    conf,
    confUnreadable: text('conf') !== '' && conf === undefined,
    links: /^Local node ID/m.test(text('links')) ? parseLinkStatus(text('links')) : undefined,
    quorum: /^Quorate:/m.test(text('quorum')) ? parseQuorumStatus(text('quorum')) : undefined,
    monitor: /<nodes[\s>/]/.test(text('monitor')) ? readable(() => parseCrmMon(text('monitor'))) : undefined,
    monitorExit: Number(text('monitor_exit')),
    warnings: whole === undefined ? [] : cibWarnings(whole),
    leftBehind: whole === undefined ? [] : leftBehind(whole),
    clusterName: readSets(child(cib, 'crm_config'), 'cluster_property_set').get('cluster-name'),
    drbd: parseHostDrbd(sections),
  }
}

function readable<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

/** Blocks of `systemctl show`, between empty lines. */
function unitStates(text: string): Record<string, string> {
  const states: Record<string, string> = {}
  for (const block of text.split(/\n\n+/)) {
    const fields = Object.fromEntries(block.split('\n').map((line) => line.split('=', 2)))
    const { Id: id, LoadState: load, ActiveState: active } = fields as Record<string, string | undefined>
    if (id !== undefined && active !== undefined && load !== 'not-found')
      states[id.replace(/\.service$/, '')] = active
  }
  return states
}
