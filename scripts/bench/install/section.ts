import type { MachineText } from '../machine.ts'
import { table } from '../table.ts'
import { timeText } from '../units.ts'
import type { InstallResult } from './measure.ts'
import { buildsOf } from './phases.ts'
import type { Install, Phase } from './phases.ts'

export const installTitle = 'A first install'

/** Tasks below it say nothing of where the time goes. */
const worthTelling = 1000

/** The section of BENCHMARKS.md about a first install. @param date the day it was measured on */
export function installSection(
  { oneNode, twoNodes }: InstallResult,
  machine: MachineText,
  date: string,
): string {
  const inRoles = twoNodes.phases.reduce((sum, { milliseconds }) => sum + milliseconds, 0)
  const share = (milliseconds: number): string[] => [
    timeText(milliseconds),
    `${Math.round((milliseconds / twoNodes.milliseconds) * 100)} %`,
  ]
  const [one, two] = [buildsOf(oneNode), buildsOf(twoNodes)]
  return `## ${installTitle}

Two bare machines become a cluster with a replicated disk, and DRBD's module is built from a tarball for it, on a third:
[drbd-cluster.yml](playbooks/drbd-cluster.yml) with [drbd-lab.yml](inventory/drbd-lab.yml). The nodes are emulated, without
KVM, on ${machine['processor'] ?? 'one machine'}, and a command that takes milliseconds elsewhere takes a second on them: the table shows
where the time goes, and no more. Their disks carry the packages of cluster and utilities already, so \`drbd_utils\` and
\`cluster_packages\` have nothing to fetch. The tarball is a stand-in, Debian's own 8.4 in the layout of a release, which is
a smaller module than DRBD 9. The builder is a container, at the machine's own speed. Written by
\`npm run bench -- --only install --write\` on ${date}.

${table(
  ['role', 'took', 'share', 'its longest tasks; where they ran on both nodes, the slower one'],
  [
    ...twoNodes.phases.map((phase) => [
      `[${phase.role}](roles/${phase.role}/README.md)`,
      ...share(phase.milliseconds),
      longest(phase),
    ]),
    ['connecting, and looking at the disks before a play', ...share(twoNodes.milliseconds - inRoles), ''],
    ['all', ...share(twoNodes.milliseconds), ''],
  ],
)}

Two nodes are built for at the cost of one: the module is built once for each kernel, and given to both.

${table(
  ['', 'one node', 'two nodes'],
  [
    ['builds', String(one.count), String(two.count)],
    ['on the builder', timeText(one.milliseconds), timeText(two.milliseconds)],
    ['all of `drbd_module`', timeText(moduleRole(oneNode)), timeText(moduleRole(twoNodes))],
  ],
)}

`
}

const longest = ({ tasks }: Phase): string =>
  tasks
    .filter(({ milliseconds }) => milliseconds >= worthTelling)
    .slice(0, 3)
    .map(({ task, milliseconds }) => `${task.replaceAll('|', '\\|')}: ${timeText(milliseconds)}`)
    .join('; ')

const moduleRole = ({ phases }: Install): number =>
  phases.find(({ role }) => role === 'drbd_module')?.milliseconds ?? 0
