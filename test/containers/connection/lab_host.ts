import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
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
    consents: [],
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
      egressAllow: [],
      ...settings,
    },
  }
}

/** The way into the lab's network. */
export function intoLab(lab: Lab): string {
  return `nsenter --net=${lab.netns} socat - TCP:%h:%p,nodelay`
}

/** Connects with nobody to ask, without an agent, and without an `ssh` that would tell of this machine's settings. */
export function connectLab(
  lab: Lab,
  node: string,
  settings: Partial<ConnectionSettings> = {},
  options: Partial<ConnectOptions> = {},
): Promise<Remote> {
  const environment = { PATH: '/nonexistent' }
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

/** Who one is after logging in. */
export async function whoAmI(
  lab: Lab,
  node: string,
  settings: Partial<ConnectionSettings> = {},
  options: Partial<ConnectOptions> = {},
): Promise<string> {
  const remote = await connectLab(lab, node, settings, options)
  const { stdout } = await remote.run('echo "$(id -un)@$(hostname)"')
  await remote.close()
  return stdout.toString().trim()
}

/** An environment in which `ssh` reads this configuration, kept under `directory`, and no other. */
export function configured(directory: string, text: string): Record<string, string | undefined> {
  const folder = mkdtempSync(join(directory, 'config-'))
  writeFileSync(join(folder, 'config'), text)
  writeFileSync(join(folder, 'ssh'), `#!/bin/sh\nexec /usr/bin/ssh -F ${folder}/config "$@"\n`)
  chmodSync(join(folder, 'ssh'), 0o755)
  return { PATH: `${folder}:${process.env['PATH']}` }
}

/** Gives a node's sshd more settings for the length of one test; logins that stand are not disturbed. */
export async function sshdWith(lab: Lab, node: string, settings: string): Promise<void> {
  const file = '/etc/ssh/sshd_config.d/00-test.conf'
  // A restart, unlike a reload, is over only when sshd listens again.
  const restart = 'systemctl reset-failed ssh; systemctl restart ssh'
  onTestFinished(async () => {
    await lab.exec(node, `rm ${file}; ${restart}`)
  })
  const { exitCode, stderr } = await lab.exec(node, `cat >${file}; ${restart}`, { input: settings })
  if (exitCode !== 0) throw new Error(stderr)
}
