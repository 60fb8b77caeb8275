import { BringupError } from 'bringup'
import type { ApplyContext, Node, ReadContext } from 'bringup'
import { runScript } from '../../src/operations/host_script.ts'
import { mountHolders } from '../../src/operations/mount_holders.ts'
import { isStopped, readUnit } from '../../src/operations/unit_state.ts'
import { VZ } from '../../src/evacuation/vz_disk.ts'

const UNITS = ['vz.service', 'prl-disp.service']

/** Until all containers have stopped: what the seed of this role gave its cluster. */
const STOP_SECONDS = 1800

/**
 * OpenVZ stopped, also over a reboot, and nobody left who uses /vz: what would keep it from being unmounted at the end
 * is told before it is copied, not hours later.
 */
export async function stopOpenVz(node: Node): Promise<void> {
  // First, so that a power cut from here on finds it stopped.
  for (const name of UNITS) await node.service({ name, enabled: false })
  await node.task('OpenVZ is stopped, and nothing uses /vz', {
    met: async (context) => {
      const units = await Promise.all(UNITS.map((unit) => readUnit(context, unit)))
      const running = UNITS.filter((_, index) => !isStopped(units[index]!))
      if (running.length > 0) return `stop ${running.join(' and ')}, and wait until no container runs`
      return (await stillThere(context)) === '' || 'what uses /vz has to end'
    },
    apply: stop,
  })
}

async function stop(context: ApplyContext): Promise<void> {
  const units = await Promise.all(UNITS.map((unit) => readUnit(context, unit)))
  const loaded = UNITS.filter((_, index) => !isStopped(units[index]!))
  const { exitCode, stderr } = await context.$({
    nothrow: true,
  })`timeout ${STOP_SECONDS} systemctl stop ${loaded}`
  const left = await stillThere(context)
  if (exitCode === 0 && left === '') return
  throw new BringupError(
    'BUSY',
    `${VZ} is still in use, with vz and prl-disp ${exitCode === 0 ? 'stopped' : 'not stopped'}`,
    {
      expected: `no container runs, and nobody uses ${VZ}`,
      seen: [exitCode === 124 ? `not done after ${STOP_SECONDS} s` : stderr.trim(), left]
        .filter((line) => line !== '')
        .join('\n'),
      remedy:
        'Nothing was copied or lost. Stop what is named (a container: vzctl stop ID --fast; a mount: umount), then run again. To go back instead: systemctl enable prl-disp vz; systemctl start prl-disp; systemctl restart vz.',
    },
  )
}

// vzlist shows those that run. Where it cannot, as with its module unloaded, what they hold is seen all the same.
const RUNNING = `[ -x /usr/sbin/vzlist ] || exit 0
/usr/sbin/vzlist -H -o ctid,name 2>/dev/null | sed '/^[[:space:]]*$/d; s/^/container: /'`

/** Who still uses /vz, one line each. */
async function stillThere(context: ReadContext): Promise<string> {
  const { stdout } = await runScript(context, RUNNING, [])
  return [stdout.toString().trim(), await mountHolders(context, VZ)].filter((part) => part !== '').join('\n')
}
