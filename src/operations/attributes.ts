import type { Change } from './operation.ts'
import { groupName, octalMode, ownerName } from './params.ts'
import type { Account } from './path_state.ts'

/** Parameters of every operation that makes a path; what is left out stays as it is. */
export const attributeParams = {
  mode: octalMode.optional(),
  owner: ownerName.optional(),
  group: groupName.optional(),
}

export interface WantedAttributes {
  readonly mode?: string | undefined
  readonly owner?: string | undefined
  readonly group?: string | undefined
}

interface Seen {
  readonly mode?: string
  readonly owner: Account
  readonly group: Account
}

/** The changes of mode, owner and group that are left to make. */
export function planAttributes(now: Seen, want: WantedAttributes): Change[] {
  const changes: Change[] = []
  if (want.mode !== undefined && now.mode !== undefined && want.mode !== now.mode)
    changes.push({ summary: `mode ${now.mode} → ${want.mode}` })
  for (const which of ['owner', 'group'] as const) {
    const wanted = want[which]
    if (wanted !== undefined && !isAccount(now[which], wanted))
      changes.push({ summary: `${which} ${accountText(now[which])} → ${wanted}` })
  }
  return changes
}

/** What stands behind `create`, in brackets: `0600 root:haclient`; empty where nothing is asked for. */
export function attributesText({ mode, owner, group }: WantedAttributes): string {
  const who = group === undefined ? owner : `${owner ?? ''}:${group}`
  return [mode, who].filter((part) => part !== undefined).join(' ')
}

/** The owner and group after `want` is applied. */
export function accountsAfter(now: Seen, want: WantedAttributes): { owner: Account; group: Account } {
  const after = (account: Account, wanted: string | undefined): Account =>
    wanted === undefined || isAccount(account, wanted) ? account : wantedAccount(wanted)
  return { owner: after(now.owner, want.owner), group: after(now.group, want.group) }
}

const wantedAccount = (wanted: string): Account =>
  isId(wanted) ? { name: null, id: Number(wanted) } : { name: wanted, id: null }

const isId = (text: string): boolean => /^\d+$/.test(text)

const isAccount = (account: Account, wanted: string): boolean =>
  isId(wanted) ? account.id === Number(wanted) : account.name === wanted

const accountText = ({ name, id }: Account): string => name ?? (id === null ? 'unknown' : String(id))
