import type { Lab } from '../../../scripts/lab/raise.ts'
import { connectHost } from '../../../src/connection/connect.ts'
import type { ConnectOptions } from '../../../src/connection/connect.ts'
import type { Remote } from '../../../src/connection/remote.ts'
import type { ConnectionSettings, Host } from '../../../src/inventory/inventory.ts'

/** What a lab's own inventory would say of a node, but for what a test is about. */
export function labHost(lab: Lab, node: string, settings: Partial<ConnectionSettings> = {}): Host {
  const { address } = lab.nodes.find(({ name }) => name === node)!
  return {
    name: node,
    groups: ['all'],
    vars: new Map(),
    at: { file: lab.inventory, line: 1, column: 1 },
    connection: {
      kind: 'ssh',
      address,
      port: null,
      user: 'root',
      identityFile: lab.key,
      password: null,
      jump: null,
      proxyCommand: intoLab(lab),
      knownHosts: lab.knownHosts,
      become: false,
      becomePassword: null,
      egress: 'none',
      ...settings,
    },
  }
}

/** The way into the lab's network. */
export function intoLab(lab: Lab): string {
  return `nsenter --net=${lab.netns} socat - TCP:%h:%p,nodelay`
}

/** Connects with nobody to ask, and no agent, SSH configuration or known hosts but the lab's. */
export function connectLab(
  lab: Lab,
  node: string,
  settings: Partial<ConnectionSettings> = {},
  options: Partial<ConnectOptions> = {},
): Promise<Remote> {
  const environment = { PATH: process.env['PATH'] }
  return connectHost(labHost(lab, node, settings), {
    acceptNew: false,
    ask: async () => null,
    environment,
    ...options,
  })
}

/** Processes of a node whose command line holds `part`, one per line; without the dead that nobody has reaped. */
export async function processes(lab: Lab, node: string, part: string): Promise<string[]> {
  const { stdout } = await lab.exec(node, ['ps', '-eo', 'pid=,stat=,args='])
  return stdout.split('\n').filter((line) => line.includes(part) && !/^\s*\d+\s+Z/.test(line))
}
