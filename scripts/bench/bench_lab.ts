import { raiseLab } from '../lab/raise.ts'
import type { Lab } from '../lab/raise.ts'
import { BringupError } from '../../src/errors.ts'

/** One host of the benchmark, as inventories name it. */
export interface BenchHost {
  readonly name: string
  /** The machine of the lab that it is on. */
  readonly node: string
  readonly address: string
  readonly port: number
}

/** The lab with what the forty steps and both sides need on it. */
export interface BenchLab extends AsyncDisposable {
  readonly lab: Lab
  /** Up to two hosts are machines of their own; more are the addresses of a third one, under as many names. */
  hosts(count: number): BenchHost[]
}

/** Of the machine that is many hosts: above those that labs give themselves. */
const crowdAddress = (number: number): string => `192.168.111.${150 + number}`
const CROWD = { node: 'server3', most: 50 }

/** What Ansible needs on a node, and what the steps install. */
const warm = ['python3', 'python3-apt', 'tree', 'pv', 'lsof']

/** @param most how many hosts will be asked for at once */
export async function raiseBenchLab(most: number, say: (line: string) => void): Promise<BenchLab> {
  const crowded = most > 2
  const lab = await raiseLab({ nodes: crowded ? 3 : 2, warm, say })
  try {
    say('preparing the nodes: Python for Ansible, services to start')
    await Promise.all(lab.nodes.map(({ name }) => onNode(lab, name, PREPARE)))
    if (crowded) await onNode(lab, CROWD.node, crowdScript())
  } catch (error) {
    await lab.down()
    throw error
  }
  return {
    lab,
    hosts: (count) =>
      count <= 2
        ? lab.nodes.slice(0, count).map(({ name, address }) => ({ name, node: name, address, port: 22 }))
        : Array.from({ length: count }, (_, index) => ({
            name: `host${String(index + 1).padStart(2, '0')}`,
            node: CROWD.node,
            address: crowdAddress(index + 1),
            port: 22,
          })),
    [Symbol.asyncDispose]: () => lab.down(),
  }
}

/** Runs a script on a node from outside of it. @throws BringupError LAB_FAILED with what it said */
export async function onNode(lab: Lab, node: string, script: string): Promise<string> {
  const { exitCode, stdout, stderr } = await lab.exec(node, `set -eu\n${script}`)
  if (exitCode === 0) return stdout
  throw new BringupError('LAB_FAILED', `${node} could not be prepared`, { seen: stderr.trim() })
}

// Fifty hosts log in to one sshd at once. The lists of packages came with the lab: nobody needs to refresh them.
const PREPARE = `
export DEBIAN_FRONTEND=noninteractive
apt-get -q -y --no-install-recommends install python3 python3-apt
printf 'MaxStartups 500\\nLoginGraceTime 600\\n' >/etc/ssh/sshd_config.d/bench.conf
cat >/etc/systemd/system/bench-worker@.service <<'END'
[Service]
ExecStart=/bin/sleep infinity
[Install]
WantedBy=multi-user.target
END
systemctl daemon-reload
systemctl restart ssh
mkdir -p /run/bringup
touch /run/bringup/package_lists`

const crowdScript = (): string =>
  Array.from(
    { length: CROWD.most },
    (_, index) => `ip address add ${crowdAddress(index + 1)}/24 dev host0`,
  ).join('\n') + '\napt-get -q -y --no-install-recommends install tree pv lsof'
