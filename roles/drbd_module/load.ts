import { BringupError } from 'bringup'
import type { ApplyContext, Node } from 'bringup'
import { explainFailure } from '../../src/drbd/build_failure.ts'
import { runScript } from '../../src/operations/host_script.ts'
import { outdated } from './decide.ts'
import { lookAt } from './look.ts'
import type { NodeModules } from './look.ts'
import type { DrbdModuleVars } from './vars.ts'

const TRANSPORTS = ['drbd_transport_tcp']

/**
 * Loads modules, now and at boot; proven by what the kernel says of them. An older copy is unloaded first, where no device
 * of DRBD is up.
 *
 * @param names in load order
 */
export async function load(node: Node<DrbdModuleVars>, names: readonly string[]): Promise<void> {
  await node.task(`${names.join(', ')} loaded`, {
    async met(context) {
      return seen(await lookAt(context, context.facts.kernel.release, names), names)
    },
    apply: (context) => loadNow(context, names),
  })
  await Promise.all([
    ...names.map((name) => node.kernel_module({ name })),
    // Of a newer DRBD that was here before; its unit would fail at boot.
    ...TRANSPORTS.filter((name) => !names.includes(name)).map((name) =>
      node.file({ path: `/etc/modules-load.d/${name}.conf`, state: 'absent' }),
    ),
  ])
}

function seen(now: NodeModules, names: readonly string[]): true | string {
  const missing = now.modules.filter(({ loaded }) => loaded === null).map(({ module }) => module)
  const old = outdated(now)
  if (missing.length === 0 && old.length === 0) return true
  const first = now.modules[0]
  const version = first?.loaded == null ? '' : ` ${first.loaded.version} (${first.loaded.srcversion})`
  return [
    ...(old.length > 0
      ? [`replace ${old.includes(names[0] ?? '') ? `DRBD${version}` : old.join(', ')}`]
      : []),
    ...(missing.length > 0 ? [`load ${missing.join(', ')}`] : []),
  ].join('; ')
}

async function loadNow(context: ApplyContext, names: readonly string[]): Promise<void> {
  const now = await lookAt(context, context.facts.kernel.release, names)
  if (outdated(now).length > 0) {
    if (now.devices.length > 0)
      throw new BringupError('REFUSED', 'the DRBD that runs is in use, and is not unloaded', {
        expected: 'none of its devices up',
        seen: now.devices.join(', '),
        remedy:
          'The modules are in place for the next boot. Take DRBD out of use on this node (drbdadm down all) and run again, or reboot it.',
      })
    await modprobe(context, UNLOAD, [])
  }
  for (const name of names) await modprobe(context, LOAD, [name])
}

// Transports hold drbd, so they go first.
const UNLOAD = `
for module in $(sed -n 's/^\\(drbd_transport_[a-z_]*\\) .*/\\1/p' /proc/modules) drbd; do
  rmmod "$module" || exit
done`

// The kernel says why only in its log.
const LOAD = `modprobe "$1" && exit
code=$?
dmesg 2>/dev/null | tail -n 20 >&2
exit "$code"`

async function modprobe(context: ApplyContext, text: string, args: readonly string[]): Promise<void> {
  const { code, stderr } = await runScript(context, text, args)
  if (code === 0) return
  const { meaning, remedy, lines } = explainFailure(stderr.toString())
  const what = text === LOAD ? `${args[0]} can not be loaded` : 'the DRBD that runs can not be unloaded'
  throw new BringupError('COMMAND_FAILED', meaning === null ? what : `${what}: ${meaning}`, {
    seen: lines.join('\n'),
    remedy: remedy ?? 'Look into the log of the kernel (dmesg).',
  })
}
