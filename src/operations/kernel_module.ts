import * as z from 'zod'
import { BringupError } from '../errors.ts'
import type { FileReading } from './file.ts'
import { output } from './host_script.ts'
import { operation } from './operation.ts'
import type { ApplyContext, Change } from './operation.ts'
import { presence, singleLine } from './params.ts'
import { systemFile } from './system_file.ts'
import type { SystemFile } from './system_file.ts'

const params = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9_][A-Za-z0-9_-]*$/, 'must be the name of a kernel module, as "softdog"')
    .transform((name) => name.replaceAll('-', '_')),
  state: presence.describe('Whether it is loaded now'),
  boot: z.boolean().optional().describe('Whether it is loaded at boot; left out, as it is to be now'),
  options: z
    .record(z.string().regex(/^[A-Za-z0-9_-]+$/), z.union([singleLine, z.number()]))
    .optional()
    .describe('Its parameters, in force from the next time that it is loaded'),
})

type Want = z.output<typeof params>

export interface KernelModuleState {
  /** `builtin` modules are part of the kernel: always there, never to be unloaded. */
  readonly module: 'loaded' | 'builtin' | 'absent'
  readonly boot: FileReading
  readonly options: FileReading | null
}

// A module that is part of the kernel has a directory below /sys only if it has parameters.
const SCRIPT = `
if grep -q "^$1 " /proc/modules; then echo loaded
elif [ -d "/sys/module/$1" ] && [ ! -e "/sys/module/$1/initstate" ]; then echo builtin
elif tr - _ <"/lib/modules/$(uname -r)/modules.builtin" 2>/dev/null | grep -q "/$1\\.ko"; then echo builtin
else echo absent
fi`

/** A kernel module: loaded now and at boot, with its parameters. */
export const kernel_module = operation('kernel_module', {
  params,
  subject: ({ name }) => name,
  key: ({ name }) => `module:${name}`,

  async read(context, want): Promise<KernelModuleState> {
    const { boot, options } = filesOf(want)
    const [found, bootFile, optionsFile] = await Promise.all([
      output(context, `look for the module ${want.name}`, SCRIPT, [want.name]),
      boot.read(context),
      options?.read(context) ?? null,
    ])
    const module = found.toString().trim()
    return {
      module: module === 'loaded' || module === 'builtin' ? module : 'absent',
      boot: bootFile,
      options: optionsFile,
    }
  },

  plan(now, want): Change[] {
    const { boot, options } = filesOf(want)
    const later = now.module === 'loaded' ? ', in force when it is loaded again' : ''
    const optionChanges = now.options === null || options === null ? [] : options.plan(now.options)
    return [
      ...optionChanges.map((change) => ({ ...change, summary: `options: ${change.summary}${later}` })),
      ...(isDue(now, want) ? [{ summary: want.state === 'present' ? 'load' : 'unload' }] : []),
      ...boot.plan(now.boot).map((change) => ({ ...change, summary: `at boot: ${change.summary}` })),
    ]
  },

  async apply(context, _changes, want, now) {
    const { boot, options } = filesOf(want)
    if (options !== null && now.options !== null) await options.apply(context, now.options)
    if (isDue(now, want)) await switchModule(context, now, want)
    await boot.apply(context, now.boot)
  },

  after(now, want): KernelModuleState {
    const { boot, options } = filesOf(want)
    const module = isDue(now, want) ? (want.state === 'present' ? 'loaded' : 'absent') : now.module
    return {
      module,
      boot: boot.after(now.boot),
      options: now.options === null || options === null ? now.options : options.after(now.options),
    }
  },
})

const isDue = ({ module }: KernelModuleState, { state }: Want): boolean =>
  (module === 'absent') === (state === 'present')

function filesOf({ name, state, boot = state === 'present', options }: Want): {
  boot: SystemFile
  options: SystemFile | null
} {
  const settings = Object.entries(options ?? {}).map(([key, value]) => ` ${key}=${value}`)
  return {
    boot: systemFile(`/etc/modules-load.d/${name}.conf`, boot ? `${name}\n` : null),
    options:
      (options && systemFile(`/etc/modprobe.d/${name}.conf`, `options ${name}${settings.join('')}\n`)) ||
      null,
  }
}

const CONTAINERS =
  /^(systemd-nspawn|docker|podman|lxc|lxc-libvirt|openvz|container-other|proot|wsl|rkt|pouch)$/

async function switchModule(
  context: ApplyContext,
  now: KernelModuleState,
  { name, state }: Want,
): Promise<void> {
  const { $, facts } = context
  if (state === 'absent' && now.module === 'builtin')
    throw new BringupError('REFUSED', `the module ${name} is part of the kernel and cannot be unloaded`, {
      remedy: 'Leave it, or boot a kernel without it.',
    })
  const args = state === 'present' ? [name] : ['-r', name]
  const { exitCode, stderr } = await $({ nothrow: true })`modprobe ${args}`
  if (exitCode === 0) return
  const verb = state === 'present' ? 'loaded' : 'unloaded'
  if (CONTAINERS.test(facts.virtualization))
    throw new BringupError('REFUSED', `the kernel module ${name} cannot be ${verb} from here`, {
      seen: stderr.trim(),
      expected: `a machine with a kernel of its own; this is a container (${facts.virtualization})`,
      remedy: 'Do it on the machine that the container runs on, whose kernel it shares.',
    })
  throw new BringupError('COMMAND_FAILED', `the kernel module ${name} was not ${verb}`, {
    seen: stderr.trim(),
    remedy:
      state === 'present'
        ? `Install what brings it for the kernel that runs, ${facts.kernel.release}; Secure Boot refuses unsigned ones.`
        : 'Stop what uses it first.',
  })
}
