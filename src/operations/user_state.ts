import { BringupError } from '../errors.ts'
import { runScript } from './host_script.ts'
import type { ReadContext } from './operation.ts'
import { anyPlanned, PACKAGES_KEY } from './package_state.ts'
import type { Packages } from './package_state.ts'
import { PASSWORD_SCRIPT, samePassword } from './password.ts'
import type { UserWant } from './user.ts'

export interface UserState {
  readonly account: {
    readonly uid: number
    readonly group: { readonly name: string; readonly id: string }
    /** Further groups by name, sorted. */
    readonly groups: readonly string[]
    readonly comment: string
    readonly home: string
    readonly shell: string
  } | null
  /** How the password compares with the one asked for; `none` where none is asked for or there is no user. */
  readonly password: 'same' | 'different' | 'none'
  /** True in check mode where there is no such user, but a package is planned that may bring it. */
  readonly arrives: boolean
}

// The groups that a user is in by the group file; id(1) adds those that a login has.
const SCRIPT = `
entry=$(getent passwd "$1"); code=$?
if [ "$code" = 2 ]; then exit 0; fi
[ "$code" = 0 ] || exit "$code"
printf '%s\\n' "$entry"
id -gn -- "$1" 2>/dev/null || echo
id -Gn -- "$1"
if [ "$2" != password ]; then exit 0; fi
${PASSWORD_SCRIPT}`

export async function readUser(context: ReadContext, want: UserWant): Promise<UserState> {
  const { name, password } = want
  const args = [name, password === undefined ? '' : 'password']
  const { code, stdout, stderr } = await runScript(
    context,
    SCRIPT,
    args,
    password === undefined ? {} : { stdin: password },
  )
  if (code !== 0)
    throw new BringupError('COMMAND_FAILED', `cannot look up the user ${name}`, {
      seen: stderr.toString().trim() || `exit status ${code}`,
    })
  const [entry = '', group = '', groups = '', compared = ''] = stdout.toString().split('\n')
  const [, , uid, gid = '', comment = '', home = '', shell = ''] = entry.split(':')
  if (uid === undefined)
    return { account: null, password: 'none', arrives: anyPlanned(context.planned<Packages>(PACKAGES_KEY)) }
  return {
    account: {
      uid: Number(uid),
      group: { name: group || gid, id: gid },
      groups: groups
        .split(' ')
        .filter((one) => one !== '' && one !== group)
        .toSorted(),
      comment,
      home,
      shell,
    },
    password: password === undefined ? 'none' : samePassword(compared, password) ? 'same' : 'different',
    arrives: false,
  }
}

export const noSuchUser = (name: string): BringupError =>
  new BringupError('REFUSED', `there is no user ${name}`, {
    remedy: 'Have the package that brings it come before this task, or leave `create: false` out.',
  })
