import * as z from 'zod'
import type { FileReading } from './file.ts'
import { operation } from './operation.ts'
import { plainText, presence, singleLine } from './params.ts'
import { systemFile } from './system_file.ts'
import type { SystemFile } from './system_file.ts'
import { reloadSystemd } from './unit_control.ts'
import { readUnit, shortName, unitName } from './unit_state.ts'

const setting = z.union([singleLine, z.number(), z.boolean()])

const params = z
  .strictObject({
    unit: unitName.describe('The unit that is added to; without an ending it is a service'),
    name: z
      .string()
      .regex(/^[A-Za-z0-9_.@-]+$/, 'must be a file name without a directory')
      .default('bringup')
      .describe('Name of the drop-in, without .conf; those of a unit are read in the order of their names'),
    state: presence,
    content: plainText.optional().describe('The whole file'),
    sections: z
      .record(z.string(), z.record(z.string(), z.union([setting, z.array(setting)])))
      .optional()
      .describe(
        'Settings by section; a list gives its key once per value, and [""] first empties what was there',
      ),
  })
  .refine(
    (want) => want.state === 'absent' || (want.content === undefined) !== (want.sections === undefined),
    { message: 'either content or sections must be given' },
  )

type Want = z.output<typeof params>

export interface DropinState {
  readonly file: FileReading
  readonly needsReload: boolean
}

/** A file in /etc/systemd/system/UNIT.d that changes some settings of a unit; systemd reads it at once. */
export const dropin = operation('dropin', {
  params,
  subject: ({ unit, name }) => `${shortName(unit)}: ${name}`,
  key: (want) => `dropin:${pathOf(want)}`,

  async read(context, want): Promise<DropinState> {
    const [now, { needsReload }] = await Promise.all([
      fileOf(want).read(context),
      readUnit(context, want.unit),
    ])
    return { file: now, needsReload }
  },

  plan(now, want) {
    const changes = fileOf(want).plan(now.file)
    return now.needsReload || changes.length > 0 ? [...changes, { summary: 'daemon-reload' }] : []
  },

  async apply(context, _changes, want, now) {
    await fileOf(want).apply(context, now.file)
    await reloadSystemd(context)
  },

  after: (now, want): DropinState => ({ file: fileOf(want).after(now.file), needsReload: false }),
})

const pathOf = ({ unit, name }: Want): string => `/etc/systemd/system/${unit}.d/${name}.conf`

const fileOf = (want: Want): SystemFile => {
  const text = want.content ?? sectionsText(want.sections ?? {})
  return systemFile(pathOf(want), want.state === 'absent' ? null : text)
}

/** Settings as systemd.syntax(7) has them. */
export function sectionsText(sections: NonNullable<Want['sections']>): string {
  return Object.entries(sections)
    .map(([section, settings]) => {
      const lines = Object.entries(settings).flatMap(([key, value]) =>
        (Array.isArray(value) ? value : [value]).map((one) => `${key}=${one}\n`),
      )
      return `[${section}]\n${lines.join('')}`
    })
    .join('\n')
}
