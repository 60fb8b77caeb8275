import * as z from 'zod'
import { accountName } from './account_name.ts'
import { operation } from './operation.ts'
import type { Change } from './operation.ts'
import { absolutePath, groupName, presence, secret, singleLine } from './params.ts'
import { setPassword } from './password.ts'
import { noSuchUser, readUser } from './user_state.ts'
import type { UserState } from './user_state.ts'

const params = z.strictObject({
  name: accountName,
  state: presence,
  create: z
    .boolean()
    .default(true)
    .describe('Whether it is made where it is not there; false for one that a package brings'),
  uid: z.int().min(0).optional().describe('Its number; left out, the next free one'),
  group: groupName.optional().describe('Its own group; left out, as the host is configured'),
  groups: z.array(accountName).optional().describe('Further groups, which must be there'),
  append: z.boolean().default(true).describe('False takes it out of all groups that are not named'),
  comment: singleLine.optional(),
  home: absolutePath.optional().describe('Its home directory; changing it moves no files'),
  shell: absolutePath.optional(),
  system: z.boolean().default(false).describe('A system user: no home, a number of their range'),
  password: secret
    .refine((value) => !/[\n\r\0]/.test(value.reveal()), 'must be a single line')
    .optional()
    .describe('Set where the one that is there differs'),
})

export type UserWant = z.output<typeof params>

/** A user. What is left out stays as it is. */
export const user = operation('user', {
  params,
  subject: ({ name }) => name,
  key: ({ name }) => `user:${name}`,
  read: readUser,

  plan(now, want): Change[] {
    if (want.state === 'absent')
      return now.account === null ? [] : [{ summary: `remove (uid ${now.account.uid}; its home stays)` }]
    if (now.account !== null) return [...accountChanges(now.account, want), ...passwordChange(now, want)]
    if (want.create)
      return [
        { summary: now.arrives ? 'create, where no planned package brings it' : 'create' },
        ...passwordChange(now, want),
      ]
    const missing = now.arrives ? 'package planned' : 'no such user yet'
    const asked = [...accountChanges(UNKNOWN_ACCOUNT, want), ...passwordChange(now, want)]
    const changes = asked.length > 0 ? asked : [{ summary: 'must be there' }]
    return changes.map(({ summary }) => ({ summary: `${summary} (${missing})` }))
  },

  async apply(context, _changes, want, now) {
    const { $ } = context
    const { name } = want
    if (want.state === 'absent') {
      await $`userdel ${name}`
      return
    }
    if (now.account === null && !want.create) throw noSuchUser(name)
    const options = now.account === null ? creationOptions(want) : changeOptions(now.account, want)
    if (now.account === null) await $`useradd ${options} ${name}`
    else if (options.length > 0) await $`usermod ${options} ${name}`
    if (want.password !== undefined && now.password !== 'same')
      await setPassword(context, name, want.password)
  },

  after(now, want): UserState {
    if (want.state === 'absent') return { ...now, account: null, password: 'none' }
    const account = now.account ?? UNKNOWN_ACCOUNT
    return {
      ...now,
      account: {
        uid: want.uid ?? account.uid,
        group: want.group === undefined ? account.group : { name: want.group, id: want.group },
        groups: groupsAfter(account, want),
        comment: want.comment ?? account.comment,
        home: want.home ?? account.home,
        shell: want.shell ?? account.shell,
      },
      password: want.password === undefined ? now.password : 'same',
    }
  },
})

type Account = NonNullable<UserState['account']>

const UNKNOWN_ACCOUNT: Account = {
  uid: -1,
  group: { name: '', id: '' },
  groups: [],
  comment: '',
  home: '',
  shell: '',
}

const passwordChange = (now: UserState, { password }: UserWant): Change[] =>
  password === undefined || now.password === 'same' ? [] : [{ summary: 'set the password' }]

function accountChanges(now: Account, want: UserWant): Change[] {
  const changes: Change[] = []
  const differ = (what: string, before: string, after: string | undefined): void => {
    if (after !== undefined && after !== before)
      changes.push({ summary: `${what} ${before || 'unset'} → ${after || 'unset'}` })
  }
  differ('uid', now.uid === -1 ? '' : String(now.uid), want.uid?.toString())
  if (want.group !== now.group.id) differ('group', now.group.name, want.group)
  differ('comment', now.comment, want.comment)
  differ('home', now.home, want.home)
  differ('shell', now.shell, want.shell)
  const after = groupsAfter(now, want)
  const joins = after.filter((one) => !now.groups.includes(one))
  const leaves = now.groups.filter((one) => !after.includes(one))
  if (joins.length > 0) changes.push({ summary: `join ${joins.join(', ')}` })
  if (leaves.length > 0) changes.push({ summary: `leave ${leaves.join(', ')}` })
  return changes
}

function groupsAfter(now: Account, { groups, append }: UserWant): string[] {
  if (groups === undefined) return [...now.groups]
  return [...new Set(append ? [...now.groups, ...groups] : groups)].toSorted()
}

function creationOptions(want: UserWant): string[] {
  return [
    ...(want.system ? ['-r'] : ['-m']),
    ...option('-u', want.uid),
    ...option('-g', want.group),
    ...option('-G', want.groups?.length ? want.groups.join(',') : undefined),
    ...option('-c', want.comment),
    ...option('-d', want.home),
    ...option('-s', want.shell),
  ]
}

function changeOptions(now: Account, want: UserWant): string[] {
  const changed = <T>(before: T, after: T | undefined): T | undefined =>
    after === before ? undefined : after
  const groups = groupsAfter(now, want)
  const regrouped = groups.join() !== now.groups.toSorted().join()
  return [
    ...option('-u', changed(now.uid, want.uid)),
    ...option('-g', want.group === now.group.id ? undefined : changed(now.group.name, want.group)),
    ...option('-G', regrouped ? groups.join(',') : undefined),
    ...option('-c', changed(now.comment, want.comment)),
    ...option('-d', changed(now.home, want.home)),
    ...option('-s', changed(now.shell, want.shell)),
  ]
}

const option = (flag: string, value: string | number | undefined): string[] =>
  value === undefined ? [] : [flag, String(value)]
