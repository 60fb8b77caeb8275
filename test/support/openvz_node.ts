import type { Lab } from '../../scripts/lab/raise.ts'
import { raiseLab } from '../../scripts/lab/raise.ts'
import { bringupRun } from './bringup.ts'

/** A node of the lab with the stand-in for OpenVZ 7 (test/openvz_standin), whose /vz can be mounted and unmounted. */
export interface OpenvzNode {
  readonly lab: Lab
  /** A script for sh on the node. @throws where it fails */
  sh(script: string): Promise<string>
  /** Runs an action of one of our agents as the cluster would. */
  act(action: string, call?: AgentCall): Promise<AgentAnswer>
  /** What ocf-tester says of an agent that is run by this shell, called sh. */
  ocfTester(agent: string, shell: string, params: Readonly<Record<string, string>>): Promise<string>
  /** Everything is stopped, and a new file system with this vz.conf mounted at /vz. */
  fresh(vzConf?: string): Promise<void>
  /** UUID of a new container that is set to start with vz; prl-disp must run. */
  create(name: string): Promise<string>
  /** `name status` of the containers that run. */
  running(): Promise<string>
}

interface AgentCall {
  readonly agent?: 'openvz' | 'openvz_ct'
  readonly params?: Readonly<Record<string, string>>
  /** Seconds that the cluster gives the action. */
  readonly timeout?: number
  /** Directory with tools that are found before the real ones. */
  readonly path?: string
}

export interface AgentAnswer {
  readonly code: number
  /** What the cluster would show beside the failure; empty where there is none. */
  readonly reason: string
}

const PROVIDER = '/usr/lib/ocf/resource.d/bringup'

/** The path of an agent on its node. */
export const agentPath = (agent: string): string => `${PROVIDER}/${agent}`

/** A lab of one node with the stand-in, and what the agents are tested with. */
export async function openvzNode(): Promise<OpenvzNode> {
  const packages = ['resource-agents', 'libxml2-utils']
  const lab = await raiseLab({ nodes: 1, warm: ['systemd-container', 'busybox-static', ...packages] })
  const sh = async (script: string): Promise<string> => {
    const { exitCode, stdout, stderr } = await lab.exec('server1', script)
    if (exitCode !== 0) throw new Error(`${script} ended with ${exitCode}: ${stdout}${stderr}`)
    return stdout.trim()
  }
  const standin = await bringupRun(['test/openvz_standin/standin.yml', '-i', lab.inventory])
  if (standin.exitCode !== 0) throw new Error(standin.output)
  // Without what they recommend, which is a desktop's worth.
  await sh(
    `DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends ${packages.join(' ')}`,
  )
  await sh('systemctl stop vz prl-disp; rm -r /vz/* /etc/vz; ln -s /vz/etc-vz /etc/vz')
  return {
    lab,
    sh,

    async act(action, { agent = 'openvz', params = {}, timeout = 60, path } = {}) {
      const env = [
        'OCF_ROOT=/usr/lib/ocf',
        `OCF_RESOURCE_INSTANCE=${agent}`,
        `OCF_RESKEY_CRM_meta_timeout=${timeout * 1000}`,
        ...(path === undefined ? [] : [`PATH=${path}:/usr/sbin:/usr/bin:/sbin:/bin`]),
        ...Object.entries(params).map(([name, value]) => `OCF_RESKEY_${name}=${value}`),
      ]
      const { exitCode, stderr } = await lab.exec('server1', ['env', ...env, agentPath(agent), action])
      const reasons = [...stderr.matchAll(/^ocf-exit-reason:(.*)$/gm)].map((match) => match[1] ?? '')
      return { code: exitCode, reason: reasons.join('\n') }
    },

    ocfTester: (agent, shell, params) => {
      const options = Object.entries(params).map(([name, value]) => `-o ${name}=${value}`)
      return sh(`
        mkdir -p /opt/${shell} && ln -sf /bin/${shell} /opt/${shell}/sh && cd /opt/${shell}
        sed '1s|.*|#!/opt/${shell}/sh|' ${agentPath(agent)} >${agent} && chmod 755 ${agent}
        ocf-tester -n ${agent} ${options.join(' ')} "$PWD/${agent}" 2>&1`)
    },

    async fresh(vzConf = 'STOP_TIMEOUT=120') {
      await sh(`
        systemctl kill -s KILL 'openvz-ct@*' vz prl-disp 2>/dev/null; systemctl stop vz prl-disp
        while systemctl is-active --quiet 'openvz-ct@*'; do sleep 0.1; done
        systemctl reset-failed
        while grep -q ' /vz' /proc/self/mounts; do
          awk '$2 ~ "^/vz" { print $2 }' /proc/self/mounts | sort -r | while read -r point; do umount "$point"; done
          sleep 0.1
        done
        mount -t tmpfs vz /vz && mkdir -p /vz/private /vz/root /vz/etc-vz/conf && echo '${vzConf}' >/vz/etc-vz/vz.conf`)
    },

    create: (name) =>
      sh(
        `prlctl create ${name} --vmtype ct >&2 && vzctl set ${name} --onboot yes --save && vzlist -aH -o ctid,name | sed -n 's/ ${name}$//p'`,
      ),

    running: () => sh('vzlist -H -o name,status'),
  }
}
