import { spawn } from 'node:child_process'
import { access, mkdir, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { BringupError } from '../../src/errors.ts'
import { baseLock, ensureBase } from './base.ts'
import { groupProcesses, makeGroup, nodeGroup } from './cgroup.ts'
import type { Hierarchies } from './cgroup.ts'
import { execIn } from './exec.ts'
import { isOff } from './kind.ts'
import type { MachineKind } from './kind.ts'
import { systemPath } from './local.ts'
import { withLock } from './lock.ts'
import { mountOverlay } from './mounts.ts'
import { network } from './network.ts'
import { consoleLog, nodeDisk } from './place.ts'
import type { LabPlace } from './place.ts'
import { waitFor } from './wait.ts'
import { warmLayers } from './warm.ts'

/** Nodes that share this machine's kernel, on overlays of a base. */
export const containers: MachineKind = {
  networkInterface: 'host0',

  async openDisks(place, nodes, release, builder) {
    await withLock(
      baseLock(release, 'containers'),
      async () => {
        const base = await ensureBase(release, 'containers', builder)
        // While the base is locked: from then on the mounts keep it from being replaced.
        for (const { name, warm } of nodes) {
          const layers = await warmLayers(base, warm, builder)
          await mountOverlay([...layers, base.root], nodeDisk(place, name))
        }
      },
      () => builder.say(`waiting for another process that makes the ${release} base`),
    )
  },

  async boot(place, { name }, hierarchies) {
    const attempt = async () => ((await start(place, name, hierarchies)) ? true : undefined)
    await waitFor(`${name} to boot`, attempt, { seconds: 60, everyMs: 100 })
  },

  isOn: async (place, node, hierarchies) => (await leaderOf(place, node, hierarchies)) !== undefined,

  async exec(place, node, command, { hierarchies, ...options }) {
    const leader = await leaderOf(place, node, hierarchies)
    if (leader === undefined) throw isOff(place, node)
    return execIn(leader, command, options)
  },
}

/** Pid, in the machine's own view, of a node's init; undefined when the node is off. */
async function leaderOf(
  place: LabPlace,
  node: string,
  hierarchies: Hierarchies,
): Promise<number | undefined> {
  const candidates = await groupProcesses(hierarchies, `${nodeGroup(place, node)}/machine/payload/init.scope`)
  for (const pid of candidates) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
    if (/^NSpid:.*\t1$/m.test(status)) return pid
  }
  return undefined
}

/** One attempt; false when it is worth another one. */
async function start(place: LabPlace, node: string, hierarchies: Hierarchies): Promise<boolean> {
  const log = consoleLog(place, node)
  await mkdir(dirname(log), { recursive: true })
  await mkdir('/run/systemd/nspawn', { recursive: true })
  const [loop, machine] = await Promise.all(
    ['loop', 'machine'].map((part) => makeGroup(hierarchies, `${nodeGroup(place, node)}/${part}`)),
  )
  const output = await open(log, 'a')
  const { size: before } = await output.stat()
  const child = spawn('sh', ['-c', bootLoop, 'sh', ...nspawn(place, node)], {
    detached: true,
    cwd: '/',
    stdio: ['ignore', output.fd, output.fd],
    // Debian 13's systemd boots on version 2 only; older ones do as well.
    env: {
      PATH: systemPath(),
      SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: '1',
      LOOP: loop?.join(' '),
      MACHINE: machine?.join(' '),
    },
  })
  let ended = false
  child.once('exit', () => (ended = true))
  await output.close()
  child.unref()

  const ready = await waitFor(
    `${node} to listen for SSH`,
    async () => {
      if (ended) return 'ended'
      const leader = await leaderOf(place, node, hierarchies)
      return leader !== undefined && (await acceptsLogins(leader)) ? 'ready' : undefined
    },
    { seconds: 60 },
  )
  if (ready === 'ready') return true
  const said = (await readFile(log)).subarray(before).toString('utf8').trim()
  // The interface of a node that was killed a moment ago goes with its namespace, which the kernel does later.
  if (said.includes('File exists')) return false
  throw new BringupError('LAB_FAILED', `${node} did not boot`, { seen: said.slice(-2000) })
}

/**
 * Boots again when the node asks for it, which systemd-nspawn leaves to its caller by this exit code (it is systemd's
 * EXIT_FORCE_RESTART). Shell and container join their groups before they do anything, so that nothing of a node is
 * ever outside of them; groups of their own, since version 2 wants processes in leaves only.
 */
const bootLoop = `
for group in $LOOP; do echo 0 > "$group" || exit; done
while :; do
  sh -c 'for group in $MACHINE; do echo 0 > "$group" || exit; done; exec "$@"' sh "$@"
  code=$?
  [ "$code" = 133 ] || exit "$code"
done`

function nspawn(place: LabPlace, node: string): string[] {
  return [
    'nsenter',
    `--net=${place.netnsPath}`,
    'systemd-nspawn',
    '--quiet',
    `--directory=${nodeDisk(place, node).root}`,
    `--machine=${place.id}-${node}`,
    `--hostname=${node}`,
    `--network-bridge=${network.bridge}`,
    '--boot',
    // There may be no systemd on this machine to register with.
    '--register=no',
    '--keep-unit',
    '--settings=no',
    '--console=read-only',
    '--link-journal=no',
    '--resolv-conf=off',
    '--timezone=off',
  ]
}

/** Looks at the node's sockets from outside: no connection that its sshd would log or count. */
async function acceptsLogins(leader: number): Promise<boolean> {
  const sockets = await readFile(`/proc/${leader}/net/tcp`, 'utf8').catch(() => '')
  const listens = / 00000000:0016 00000000:0000 0A /.test(sockets)
  if (!listens) return false
  const nologin = await access(`/proc/${leader}/root/run/nologin`).then(
    () => true,
    () => false,
  )
  return !nologin
}
