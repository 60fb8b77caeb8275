import { bounds } from './bounds.ts'
import type { Results, StepsResult } from './results.ts'
import { table } from './table.ts'
import { judgeTargets } from './targets.ts'
import { memoryText, ratioText, timeText } from './units.ts'

/** BENCHMARKS.md, but for the section about a first install, which is measured by itself. */
export function benchmarksPage(results: Results): string {
  const { machine, date, steps, start, simulated } = results
  return `# Benchmarks

The same forty idempotent steps (8 directories, 12 files and templates of up to 4 KiB, 6 lines in files, 4 symlinks,
4 services, 3 packages as one step, 2 accounts, 3 guarded commands) as
[a role](scripts/bench/project/roles/app/role.ts), as
[an Ansible playbook](scripts/bench/project/ansible/site.yml), and their checks as
[one shell script](scripts/bench/lower_bound_script.ts). Written by \`npm run bench -- --write\` on ${date}; medians,
with the least and the most in brackets.

## Targets

${table(
  ['', 'target', 'measured', ''],
  judgeTargets(results).map(({ what, wanted, seen, met }) => [
    what,
    wanted,
    seen ?? 'not measured',
    seen === null ? '' : met ? 'met' : '**missed**',
  ]),
)}

## Second run: nothing to change

What an operator waits for, from the start of the command to its end. One and two hosts are containers of their own;
ten and fifty are as many addresses of one container, which then does the work of all of them.

${table(
  ['hosts', 'delay', 'bringup', 'Ansible', 'times faster', 'processor time of the controller'],
  steps.map((one) => [
    ...settingOf(one),
    timeText(one.bringup),
    timeText(one.ansible),
    ratioText(one.ansible.median / one.bringup.median),
    `${timeText(one.bringupCpu.median)}, Ansible ${timeText(one.ansibleCpu.median)}`,
  ]),
)}

## First run: everything to be made

${table(
  ['hosts', 'delay', 'bringup', 'Ansible', 'times faster'],
  steps.map((one) => [
    ...settingOf(one),
    timeText(one.bringupFirst),
    timeText(one.ansibleFirst),
    ratioText(one.ansibleFirst.median / one.bringupFirst.median),
  ]),
)}

## Beside what is possible

The role alone, from its first task to its last, its connections open; and the script on standard input of \`ssh\`, over
a connection that is open too (ControlMaster).

${table(
  ['hosts', 'delay', 'role', 'script', 'times as long'],
  steps.map((one) => [
    ...settingOf(one),
    timeText(one.role),
    timeText(one.lowerBound),
    ratioText(one.role.median / one.lowerBound.median),
  ]),
)}

## Start and memory

${table(
  ['', ''],
  [
    ...(start === null
      ? []
      : [
          ['`bringup --version`', timeText(start.version)],
          ['`ansible-playbook --version`', timeText(start.ansibleVersion)],
          ['from the start to the first task, one host', timeText(start.untilFirstTask)],
        ]),
    ...steps
      .filter(({ delay }) => delay === 0)
      .map((one) => [
        `memory with ${hostsText(one.hosts)}, first and second run`,
        `${memoryText(one.maxRssFirst)}, ${memoryText(one.maxRss)}`,
      ]),
    ...simulated.map((one) => [
      `${one.hosts} simulated hosts, first and second run of six steps`,
      `${timeText(one.wallFirst)} and ${timeText(one.wall)}; ${memoryText(one.maxRssFirst)} and ${memoryText(one.maxRss)}`,
    ]),
  ],
)}

${bounds}
## The machine

${table(['', ''], Object.entries(machine))}

## Again

\`\`\`sh
npm ci && npm run bench -- --write
\`\`\`

As root on Debian 12. \`--hosts 1,2\`, \`--delay 0,20\`, \`--repeats 5\` (or one number for each of the hosts),
\`--only steps,start,simulated\` and \`--simulated 100,500\` measure a part; what was measured before stays in
\`.bench/results.json\`, and \`--write\` writes all of it. \`--only install --write\` measures a first install on
virtual machines, and writes the section about it alone.
`
}

const hostsText = (hosts: number): string => (hosts === 1 ? '1 host' : `${hosts} hosts`)

const settingOf = ({ hosts, delay, way }: StepsResult): string[] => [
  String(hosts),
  delay === 0 ? 'none' : `${delay} ms (${way})`,
]
