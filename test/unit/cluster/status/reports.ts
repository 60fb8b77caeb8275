import { readdirSync, readFileSync } from 'node:fs'
import type { HostReport } from '../../../../src/cluster/status/host_report.ts'
import { parseHostReport } from '../../../../src/cluster/status/host_report.ts'
import { fixture } from '../../pacemaker/fixture.ts'

/** What two real hosts (Debian 12) answered, each time after one thing had been done to them. */
export const SCENARIOS = readdirSync(new URL('fixtures/', import.meta.url))
const MARK = '@@MARK@@'

export function scenario(name: string): HostReport[] {
  const directory = new URL(`fixtures/${name}/`, import.meta.url)
  return readdirSync(directory).map((file) =>
    parseHostReport(file.replace('.txt', ''), readFileSync(new URL(file, directory), 'utf8'), MARK),
  )
}

export function report(name: string, host: string): HostReport {
  const found = scenario(name).find((one) => one.host === host)
  if (found === undefined) throw new Error(`no ${host} in ${name}`)
  return found
}

/** A host of the three-node cluster whose tools' answers the fixtures of src/pacemaker hold. */
export function threeNodes(monitor = 'pacemaker-2.1.5/crm_mon.xml'): HostReport {
  const sections = {
    user: '0\nroot',
    hostname: 'server1',
    addresses: '2: eth0    inet 192.168.52.11/24 scope global eth0',
    packages:
      'installed pacemaker 2.1.5-1+deb12u1\ninstalled corosync 3.1.7-1+deb12u2\ninstalled pcs 0.11.5-1+deb12u1',
    units: ['corosync', 'pacemaker', 'pcsd']
      .map((unit) => `Id=${unit}.service\nLoadState=loaded\nActiveState=active`)
      .join('\n\n'),
    conf: fixture('corosync-3.1.7/corosync.conf'),
    links: fixture('corosync-3.1.7/cfgtool-s.txt'),
    quorum: fixture('corosync-3.1.7/quorumtool-s.txt'),
    monitor: fixture(monitor),
    monitor_exit: '0',
    cib: /<configuration>[^]*<\/configuration>/.exec(fixture('pacemaker-2.1.5/cib.xml'))?.[0] ?? '',
    end: '',
  }
  const output = Object.entries(sections).map(([name, text]) => `\n${MARK} ${name}\n${text}\n`)
  return parseHostReport('server1', output.join(''), MARK)
}
