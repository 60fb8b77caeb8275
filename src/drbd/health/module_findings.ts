import type { Finding } from '../../cluster/status/finding.ts'
import { canTalk } from '../protocols.ts'
import { utilsServe } from '../utils_for_module.ts'
import { isRefusal, releaseOf } from '../versions.ts'
import type { DrbdHost } from './groups.ts'

/** Modules and tools that do not fit one another, or not what is on the disk. */
export function moduleFindings(hosts: readonly DrbdHost[]): Finding[] {
  return [...hosts.flatMap(ownFindings), ...moduleDifference(hosts), ...utilsDifference(hosts)]
}

function ownFindings({ host, user, isRoot, drbd, versions }: DrbdHost): Finding[] {
  const findings: Finding[] = []
  if (drbd.configProblem !== undefined) {
    findings.push({
      severity: 'wrong',
      text: `drbdadm on ${host} refuses the configuration\n${drbd.configProblem}`,
      next: isRoot ? `on ${host}: drbdadm dump` : `Ask as root, not as ${user}: ansible_become: true.`,
    })
  }
  if (drbd.resources === undefined) {
    findings.push({
      severity: 'wrong',
      text: `DRBD ${drbd.module} on ${host} does not tell ${isRoot ? 'how its resources are' : `${user} how its resources are`}`,
      next: isRoot ? `on ${host}: drbdsetup status` : 'Ask as root: ansible_become: true in the inventory.',
    })
  }
  if (drbd.isReplaced && drbd.module !== undefined) {
    const what = drbd.installed === drbd.module ? 'another build of it' : drbd.installed
    findings.push({
      severity: 'notice',
      text: `${host} runs DRBD ${drbd.module}, and has ${what} on its disk`,
      next: `The next load of the module takes that one. on ${host}: modinfo drbd`,
    })
  }
  const utils = versions.drbdUtils
  if (utils !== null && drbd.module !== undefined && areReleases(drbd.module, utils)) {
    const verdict = utilsServe(utils, drbd.module)
    if (isRefusal(verdict))
      findings.push({ severity: 'wrong', text: `${host}: ${verdict.refused}`, next: verdict.remedy })
  }
  return findings
}

const areReleases = (module: string, utils: string): boolean =>
  !isRefusal(releaseOf('drbd', module)) && !isRefusal(releaseOf('drbd-utils', utils))

function moduleDifference(hosts: readonly DrbdHost[]): Finding[] {
  const running = hosts.filter(({ drbd }) => drbd.module !== undefined)
  const byVersion = Map.groupBy(running, ({ drbd }) => drbd.module ?? '')
  if (byVersion.size <= 1) return []
  const text = `the hosts run different DRBD modules: ${running.map(({ host, drbd }) => `${host} ${drbd.module}`).join(', ')}`
  const versions = [...byVersion.keys()]
  for (const [index, one] of versions.entries()) {
    for (const other of versions.slice(index + 1)) {
      if (isRefusal(releaseOf('drbd', one)) || isRefusal(releaseOf('drbd', other))) continue
      const verdict = canTalk(one, other)
      if (isRefusal(verdict))
        return [
          { severity: 'wrong', text: `${text}, and these can not talk to one another`, next: verdict.remedy },
        ]
    }
  }
  const majors = new Set(versions.map((version) => version.split('.')[0]))
  if (majors.size > 1) {
    const old = running.filter(({ drbd }) => drbd.module?.startsWith('8.')).map(({ host }) => host)
    return [
      {
        severity: 'wrong',
        text,
        next: `8.4 is the kernel's own, and often there by mistake. on ${old.join(', ')}: modinfo -n drbd; cat /proc/drbd`,
      },
    ]
  }
  return [
    {
      severity: 'notice',
      text,
      next: 'As while they are updated one by one; bring them to one version in the end.',
    },
  ]
}

function utilsDifference(hosts: readonly DrbdHost[]): Finding[] {
  const known = new Set(hosts.map(({ versions }) => versions.drbdUtils))
  if (known.size <= 1) return []
  const each = hosts.map(({ host, versions }) => `${host} ${versions.drbdUtils ?? 'none'}`)
  return [{ severity: 'notice', text: `drbd-utils are not of one version: ${each.join(', ')}` }]
}
