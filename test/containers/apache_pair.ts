import type { Lab } from '../../scripts/lab/raise.ts'
import { bringupRun } from '../support/bringup.ts'
import type { RunResult } from '../support/bringup.ts'

export const NODES = ['server1', 'server2']
export const VIP = '192.168.111.100'

export const argumentsFor = (lab: Lab, playbook: string): string[] => [
  `playbooks/${playbook}.yml`,
  '-i',
  lab.inventory,
  '-i',
  'inventory/apache-lab.yml',
]
export const play = (lab: Lab, playbook = 'apache-cluster'): Promise<RunResult> =>
  bringupRun(argumentsFor(lab, playbook))

export async function sh(lab: Lab, node: string, script: string): Promise<string> {
  const { exitCode, stdout, stderr } = await lab.exec(node, script)
  if (exitCode !== 0) throw new Error(`${script} ended with ${exitCode}: ${stdout}${stderr}`)
  return stdout.trim()
}

/** The status of a page, and the page, as curl has them. */
export const ask = (lab: Lab, node: string, url: string): Promise<string> =>
  sh(lab, node, `curl -s -m 5 -w ' %{http_code}' ${url} | tr -d '\\n'`)

export const place = async (lab: Lab): Promise<string> =>
  (await lab.exec('server1', 'crm_resource --locate --quiet --resource httpd 2>/dev/null')).stdout.trim()

/** What an Apache that was never restarted, moved or stopped has on. */
export const processes = (lab: Lab): Promise<string[]> =>
  Promise.all(
    NODES.map((node) =>
      sh(
        lab,
        node,
        'for name in corosync pacemakerd; do pidof $name; done; if [ -e /run/apache2/apache2.pid ]; then cat /run/apache2/apache2.pid; fi',
      ),
    ),
  )

/** Everything that a drill may disturb and has to leave as it found it. */
export const leftBehind = (lab: Lab): Promise<string[]> =>
  Promise.all(
    [...NODES, 'client'].map((node) =>
      sh(
        lab,
        node,
        `ip rule; ls /run | grep bringup-drill; ps -e -o args= | grep -e http_seq -e 'ip rule' | grep -v grep
        if [ -e /usr/sbin/cibadmin ]; then
          cibadmin --query --scope constraints
          crm_mon -1 -r -A -f --output-as=xml | grep -e fail-count -e 'node_attr' -e '<attribute ' -e '<resource id' -e 'node name'
        fi; :`,
      ),
    ),
  )
