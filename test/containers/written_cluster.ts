import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Lab } from '../../scripts/lab/raise.ts'
import { bringupRun, startBringup } from '../support/bringup.ts'
import type { RunResult, StartedRun } from '../support/bringup.ts'

/** Vars of a cluster that is written without pcs, as JSON, which is YAML too. */
export type WrittenVars = Readonly<Record<string, unknown>>

/** Two nodes whose corosync.conf the role `corosync` writes. */
export interface WrittenLab {
  run(vars: WrittenVars, ...args: string[]): Promise<RunResult>
  start(vars: WrittenVars, ...args: string[]): StartedRun
  /** What a command says on a node. @throws where it fails */
  sh(node: string, script: string): Promise<string>
  /** The same on each node. */
  onAll(script: string): Promise<string[]>
}

const PACKAGES = ['corosync', 'pacemaker', 'pacemaker-cli-utils', 'resource-agents']

export function writtenLab(lab: Lab): WrittenLab {
  writeFileSync(
    join(lab.dir, 'site.yml'),
    '- name: A cluster without pcs\n  hosts: cluster\n  roles: [hosts_file, cluster_packages, corosync]\n',
  )
  const settings = { cwd: lab.dir }
  const args = (vars: WrittenVars, more: readonly string[]): string[] => {
    const all = { cluster_name: 'web', cluster_packages: PACKAGES, ...vars }
    writeFileSync(
      join(lab.dir, 'vars.yml'),
      JSON.stringify({ all: { children: { cluster: { vars: all } } } }),
    )
    return ['site.yml', '-i', lab.inventory, '-i', 'vars.yml', ...more]
  }
  const sh = async (node: string, script: string): Promise<string> => {
    const { exitCode, stdout, stderr } = await lab.exec(node, script)
    if (exitCode !== 0) throw new Error(`${node}: ${script}: ${exitCode} ${stdout}${stderr}`)
    return stdout.trim()
  }
  return {
    run: (vars, ...more) => bringupRun(args(vars, more), settings),
    start: (vars, ...more) => startBringup(args(vars, more), settings),
    sh,
    onAll: (script) => Promise.all(lab.nodes.map(({ name }) => sh(name, script))),
  }
}

/** Tells one life of the daemons from another. */
export const PIDS = 'systemctl show corosync pacemaker -p Id -p MainPID -p ActiveEnterTimestampMonotonic'

/** How each node sees the membership, and what of Pacemaker is online. */
export const MEMBERS = `corosync-quorumtool -s | grep -E '^(Quorate|Total votes)' | tr -s ' \\n' ' '
crm_mon -1 --output-as=xml | grep -c '<node name.* online="true".* pending="false"'`

/** Two nodes that are one cluster. */
export const WHOLE = 'Quorate: Yes Total votes: 2 2'

/** A resource to be moved and missed; and no twenty seconds until the first of two nodes that start calls itself DC. */
export const RESOURCE = `
crm_attribute --name stonith-enabled --update false
crm_attribute --name dc-deadtime --update 2s
cibadmin --create --scope resources --xml-text '<primitive id="dummy" class="ocf" provider="pacemaker" type="Dummy"/>'
crm_resource --wait`
