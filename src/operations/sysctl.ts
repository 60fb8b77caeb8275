import * as z from 'zod'
import { BringupError } from '../errors.ts'
import { textOf } from './content.ts'
import type { FileReading } from './file.ts'
import { output, runScript } from './host_script.ts'
import { operation } from './operation.ts'
import type { Change } from './operation.ts'
import { absolutePath, singleLine } from './params.ts'
import { sysctlPath, sysctlValue, withSysctls } from './sysctl_text.ts'
import { systemFile } from './system_file.ts'
import type { SystemFile } from './system_file.ts'

const key = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_:@./-]*$/, 'must be a kernel parameter, as "net.ipv4.ip_forward"')
  .refine((name) => !/(^|\/)\.\.?(\/|$)/.test(sysctlPath(name)), 'must be a kernel parameter')

const params = z.strictObject({
  values: z
    .record(key, z.union([singleLine, z.number(), z.null()]))
    .transform((values) =>
      Object.fromEntries(
        Object.entries(values).map(([name, value]) => [name, value === null ? null : sysctlValue(value)]),
      ),
    )
    .describe('Kernel parameters; null takes one out of the file and leaves it as it is now'),
  file: absolutePath
    .default('/etc/sysctl.d/90-bringup.conf')
    .describe('Where they are kept for the next boot'),
})

type Want = z.output<typeof params>

export interface SysctlState {
  /** By parameter; null for one that this kernel does not have, as while its module is not loaded. */
  readonly live: Readonly<Record<string, string | null>>
  readonly file: FileReading
}

const READ = `
for path; do
  if value=$(cat "$path" 2>/dev/null); then printf '=%s\\0' "$value"; else printf '\\0'; fi
done`

/** Kernel parameters, now and at boot. Other lines of the file stay as they are. */
export const sysctl = operation('sysctl', {
  params,
  subject: ({ values }) => Object.keys(values).join(', '),
  key: ({ file }) => `sysctl:${file}`,
  merge: (now: SysctlState, planned) => ({ file: planned.file, live: { ...now.live, ...planned.live } }),

  async read(context, want): Promise<SysctlState> {
    const names = Object.keys(want.values)
    const [text, now] = await Promise.all([
      output(context, 'read kernel parameters', READ, names.map(sysctlPath)),
      systemFile(want.file, '').read(context),
    ])
    const found = text.toString().split('\0')
    const live = names.map((name, index) => [name, liveValue(found[index] ?? '')])
    return { live: Object.fromEntries(live), file: now }
  },

  plan(now, want): Change[] {
    const live = dueNow(now, want).map(([name, value]) => ({
      summary: `${name} ${now.live[name] ?? 'unknown'} → ${value}`,
    }))
    const kept = fileOf(now, want).plan(now.file)
    return [...live, ...kept.map((change) => ({ ...change, summary: `at boot: ${change.summary}` }))]
  },

  async apply(context, _changes, want, now) {
    await fileOf(now, want).apply(context, now.file)
    for (const [name, value] of dueNow(now, want)) {
      const { code, stderr } = await runScript(context, `printf '%s\\n' "$2" >"$1"`, [
        sysctlPath(name),
        value,
      ])
      if (code !== 0)
        throw new BringupError('COMMAND_FAILED', `the kernel parameter ${name} was not set to ${value}`, {
          seen: stderr.toString().trim(),
          remedy: 'Check its name and value, and that the module that it belongs to is loaded.',
        })
    }
  },

  after(now, want): SysctlState {
    return {
      live: { ...now.live, ...Object.fromEntries(dueNow(now, want)) },
      file: fileOf(now, want).after(now.file),
    }
  },
})

const liveValue = (answer: string): string | null =>
  answer.startsWith('=') ? sysctlValue(answer.slice(1)) : null

const dueNow = (now: SysctlState, { values }: Want): [string, string][] =>
  Object.entries(values).flatMap(([name, value]): [string, string][] =>
    value === null || now.live[name] === value ? [] : [[name, value]],
  )

/** The file with the wanted lines; none is made only to hold nothing. */
function fileOf({ file }: SysctlState, want: Want): SystemFile {
  const before = file.kind === 'file' && file.content !== null ? (textOf(file.content) ?? '') : ''
  const after = withSysctls(before, want.values)
  return systemFile(want.file, after === '' && file.kind === 'absent' ? null : after)
}
