import * as z from 'zod'
import { accountName } from './account_name.ts'
import { output } from './host_script.ts'
import { operation } from './operation.ts'
import { presence } from './params.ts'

const params = z.strictObject({
  name: accountName,
  state: presence,
  gid: z.int().min(0).optional().describe('Its number; left out, the next free one'),
  system: z.boolean().default(false).describe('Takes a number from the range of system groups'),
})

/** Null where there is no such group. */
export type GroupState = { readonly gid: number } | null

export const groupKey = (name: string): string => `group:${name}`

/** A group. Members are given with their users. */
export const group = operation('group', {
  params,
  subject: ({ name }) => name,
  key: ({ name }) => groupKey(name),

  async read(context, { name }): Promise<GroupState> {
    const text = (await output(context, `look up the group ${name}`, LOOK_UP, [name])).toString()
    const [, , gid] = text.trim().split(':')
    return gid === undefined ? null : { gid: Number(gid) }
  },

  plan(now, { state, gid }) {
    if (state === 'absent') return now === null ? [] : [{ summary: `remove (gid ${now.gid})` }]
    if (now === null) return [{ summary: gid === undefined ? 'create' : `create (gid ${gid})` }]
    if (gid === undefined || gid === now.gid) return []
    return [{ summary: `gid ${now.gid} → ${gid} (files keep the old number)` }]
  },

  async apply({ $ }, _changes, { name, state, gid, system }, now) {
    const number = gid === undefined ? [] : ['-g', gid]
    if (state === 'absent') await $`groupdel ${name}`
    else if (now === null) await $`groupadd ${[...(system ? ['-r'] : []), ...number]} ${name}`
    else await $`groupmod ${number} ${name}`
  },

  after: (now, { state, gid }): GroupState =>
    state === 'absent' ? null : { gid: gid ?? now?.gid ?? UNKNOWN_ID },
})

/** The number of what is only planned. */
export const UNKNOWN_ID = -1

// getent(1) ends with 2 where there is no such entry.
const LOOK_UP = `
getent group "$1"; code=$?
[ "$code" = 2 ] || exit "$code"`
