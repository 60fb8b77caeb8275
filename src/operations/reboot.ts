import { setTimeout as delay } from 'node:timers/promises'
import * as z from 'zod'
import { asBringupError, BringupError } from '../errors.ts'
import { output } from './host_script.ts'
import { operation } from './operation.ts'
import type { ApplyContext } from './operation.ts'

const params = z
  .strictObject({
    when: z
      .enum(['needed', 'always'])
      .default('needed')
      .describe('`needed`: the system asks for it, or a newer kernel is installed than the one that runs'),
    timeout: z.number().positive().default(900).describe('Seconds until it must be back'),
  })
  .transform((want) => ({ ...want, memory: { bootId: null as string | null } }))

export interface RebootState {
  readonly bootId: string
  /** Why one is needed; empty when none is. */
  readonly reasons: readonly string[]
  /** True when it has booted since the first look. */
  readonly rebooted: boolean
}

// Debian leaves a file; the Red Hat family has needs-restarting in an extra package. The kernel that will boot is grubby's
// default, or else the newest in /boot; a container has none.
const SCRIPT = `
cat /proc/sys/kernel/random/boot_id
if [ -e /run/reboot-required ]; then
  printf 'asked for by %s\\n' "$(sort -u /run/reboot-required.pkgs 2>/dev/null | tr '\\n' ' ' | grep . || echo the system)"
elif command -v needs-restarting >/dev/null 2>&1; then
  if ! needs-restarting -r >/dev/null 2>&1; then echo 'asked for by needs-restarting'; fi
fi
running=$(uname -r)
if command -v grubby >/dev/null 2>&1; then next=$(grubby --default-kernel 2>/dev/null)
else next=$(ls /boot/vmlinuz-* 2>/dev/null | grep -v rescue | sort -V | tail -n 1)
fi
next=\${next##*/vmlinuz-}
if [ -n "$next" ] && [ "$next" != "$running" ]; then echo "kernel $next is installed, $running runs"; fi
exit 0`

/** Boots the host again where that is needed (or once, with `always`), and waits until it is back with its services. */
export const reboot = operation('reboot', {
  params,
  outdatesFacts: true,
  subject: ({ when }) => (when === 'always' ? 'now' : 'where needed'),

  async read(context, { memory }): Promise<RebootState> {
    const text = await output(context, 'see whether a reboot is needed', SCRIPT, [])
    const [bootId = '', ...reasons] = text.toString().trim().split('\n')
    memory.bootId ??= bootId
    return { bootId, reasons, rebooted: bootId !== memory.bootId }
  },

  plan({ reasons, rebooted }, { when }) {
    if (when === 'always') return rebooted ? [] : [{ summary: 'reboot' }]
    return reasons.length === 0 ? [] : [{ summary: `reboot: ${reasons.join('; ')}` }]
  },

  async apply(context, _changes, { timeout }, now) {
    const deadline = performance.now() + timeout * 1000
    // It only starts a job; the machine may be gone all the same before the answer is here.
    await context.$`systemctl reboot || reboot`.then(undefined, ifLost)
    const bootId = await newBootId(context, now.bootId, deadline)
    if (bootId === null) throw notBack(context.host, timeout)
    await untilStarted(context, deadline)
  },

  after: (now): RebootState => ({ ...now, reasons: [], rebooted: true }),
})

/** A lost connection leaves the outcome unknown, which here is as expected; anything else is an error. */
function ifLost(error: unknown): void {
  if (asBringupError(error).code !== 'CONNECTION_LOST') throw error
}

/** Connects again and again until the boot id is another; the old system may still answer while it shuts down. */
async function newBootId(context: ApplyContext, old: string, deadline: number): Promise<string | null> {
  const { remote, signal } = context
  while (performance.now() < deadline) {
    await delay(1000, undefined, { signal })
    try {
      await remote.reconnect({ timeout: (deadline - performance.now()) / 1000, signal })
      const { stdout } = await remote.run('cat /proc/sys/kernel/random/boot_id', { timeout: 10 })
      const bootId = stdout.toString().trim()
      if (bootId !== '' && bootId !== old) return bootId
    } catch (error) {
      signal.throwIfAborted()
      if (!['CONNECTION_LOST', 'TIMEOUT', 'UNREACHABLE'].includes(asBringupError(error).code)) throw error
    }
  }
  return null
}

/** Logins are possible before all services run. `degraded` is started too: a unit failed, which is not ours to judge. */
async function untilStarted(context: ApplyContext, deadline: number): Promise<void> {
  while (performance.now() < deadline) {
    const { stdout } = await context.remote.run('systemctl is-system-running')
    if (!/^(initializing|starting|offline|unknown)?$/.test(stdout.toString().trim())) return
    await delay(500, undefined, { signal: context.signal })
  }
}

const notBack = (host: string, timeout: number): BringupError =>
  new BringupError('TIMEOUT', `${host} is not back ${timeout} s after its reboot`, {
    remedy: 'Look at its console; then run again, which goes on from here.',
  })
