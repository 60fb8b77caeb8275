import { quote } from '../shell/quote.ts'
import { BringupError } from '../errors.ts'
import type { CommandOptions } from './remote.ts'
import { Secret } from '../secret.ts'

/**
 * Sent once to a fresh `sh`, which reads its commands from standard input from then on.
 *
 * - Marks go out in two halves, so that nothing that prints the shell's variables or its own text (`set`, `set -x`)
 *   can contain a whole one.
 * - Each job is a subshell that first says which process it is (`/proc/self/stat`), so that it alone can be killed.
 * - SIGUSR1 retires the shell: it finishes the job it is at and starts no other. Jobs that were queued behind can
 *   then be run elsewhere, with certainty that they had not begun.
 * - Braces hold it together: a start file of the login shell that reads a line of it leaves no POSIX shell, and none is
 *   begun by halves. Nor is one that does not split words, as zsh, to which a start file may have changed over.
 * - `cd /` keeps no file system busy; the C locale keeps messages and numbers as programs can read them.
 * - Descriptor 9 is the shell's own, for what it holds as long as it lives (a lock); no job has it, so that a daemon
 *   that one starts holds nothing.
 */
export function openingText(nonce: string): string {
  const [first, second] = [nonce.slice(0, 16), nonce.slice(16)]
  return `{
cd /
export LC_ALL=C PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
bringup_a=${first} bringup_b=${second} bringup_retired=
trap bringup_retired=1 USR1
bringup_mark() { printf '%s%s %s\\n' "$bringup_a" "$bringup_b" "$1"; printf '%s%s %s\\n' "$bringup_a" "$bringup_b" "$1" >&2; }
bringup_next() { [ -z "$bringup_retired" ] || exit 0; }
bringup_own() { bringup_mark start; eval "$1"; }
bringup_job() (
exec 9>&-
IFS= read -r bringup_self </proc/self/stat
bringup_mark "start $bringup_self"
unset bringup_a bringup_b bringup_retired bringup_self
eval "set --
$1"
)
bringup_retired='a b'
set -- $bringup_retired
bringup_retired=
} && [ $# = 2 ] && set -- && bringup_mark "ready $$" || exit
`
}

/** Where small input ends and a channel of its own becomes cheaper: some shells read their commands byte by byte. */
export const SMALL_INPUT = 16 * 1024

/** What runs one job on an open shell, with `/dev/null` or a small payload as its standard input. */
export function jobText(
  script: string,
  options: Pick<CommandOptions, 'env' | 'cwd'>,
  stdin?: Buffer,
): string {
  const job = `bringup_job ${quoted(withSetting(script, options))}`
  const run = stdin === undefined ? `${job} </dev/null` : `printf '${printfText(stdin)}' | ${job}`
  return `bringup_next\n${run}\nbringup_mark "end $?"\n`
}

/**
 * What runs in an open shell itself, and so can change it (`exec 9<FILE`). A redirection of `exec` that fails ends the
 * shell: the script must know before that it can't.
 */
export function ownText(script: string): string {
  return `bringup_next\nbringup_own ${quoted(script)} </dev/null\nbringup_mark "end $?"\n`
}

/** The last job of a shell: its standard input is what the channel carries after the job's `start` mark. */
export function lastJobText(script: string, options: Pick<CommandOptions, 'env' | 'cwd'> = {}): string {
  return `bringup_job ${quoted(withSetting(script, options))}; exit $?\n`
}

export function bytesOf(input: string | Buffer | Secret): Buffer {
  if (input instanceof Secret) return input.revealBytes()
  return typeof input === 'string' ? Buffer.from(input) : input
}

function withSetting(script: string, { env = {}, cwd }: Pick<CommandOptions, 'env' | 'cwd'>): string {
  const exports = Object.entries(env).map(([name, value]) => {
    if (!/^[A-Za-z_]\w*$/.test(name))
      throw new BringupError('ROLE_INVALID', 'this is no name for an environment variable', {
        seen: JSON.stringify(name),
        remedy: 'Use letters, digits and "_", and no digit at the beginning.',
      })
    return `export ${name}=${quoted(value)}\n`
  })
  const move = cwd === undefined ? '' : `CDPATH= cd -- ${quote(cwd)} || exit\n`
  return `${exports.join('')}${move}${script}`
}

/** As `quote`, but always in quotes, and refusing what no shell can carry. */
function quoted(text: string): string {
  if (text.includes('\0'))
    throw new BringupError('ROLE_INVALID', 'a command, its directory or its environment holds a NUL byte', {
      seen: `after ${JSON.stringify(text.slice(0, text.indexOf('\0')).slice(-40))}`,
      remedy: 'No command line can carry one: give such data as input, as in node.$({ input: data })`…`.',
    })
  return `'${text.replaceAll("'", `'\\''`)}'`
}

/** Bytes as the format of the shell's own `printf`: no process sees them as an argument, and no file holds them. */
export function printfText(bytes: Buffer): string {
  let text = ''
  for (const byte of bytes) {
    const character = String.fromCharCode(byte)
    text += byte === 10 || /[\w /.,:;=+@"#$&()<>[\]{}|~^*?!`]/.test(character) ? character : octal(byte)
  }
  return text
}

function octal(byte: number): string {
  return `\\${byte.toString(8).padStart(3, '0')}`
}
