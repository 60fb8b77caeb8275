import type { ReadContext } from './operation.ts'
import { runScript } from './host_script.ts'

// Files of lists keep the time of the server's, so the time of the last refresh is kept in a file of our own. It is
// below /run: after a reboot nobody knows how old the lists are.
const REFRESH = `
why=$1 stamp=/run/bringup/package_lists
fresh() {
  [ -n "$(find "$stamp" -mmin "-$1" 2>/dev/null)" ] &&
    [ -z "$(find /etc/apt -newer "$stamp" 2>/dev/null | head -n 1)" ] &&
    ls /var/lib/apt/lists/*Release >/dev/null 2>&1
}
case $why in old) if fresh 60; then exit 0; fi ;; *) if fresh 1; then exit 0; fi ;; esac
apt-get -q update -o DPkg::Lock::Timeout=60 >&2 || exit 1
mkdir -p /run/bringup && touch "$stamp"`

/**
 * Runs `apt-get update` where it is due: when the lists are missing, older than an hour (`old`) or than a minute (`not
 * found`), or older than the host's sources. A failure is no error yet, since what is wanted may be known all the same.
 *
 * @param env what leads to the sources
 * @returns what apt-get said where not all lists came, else null
 */
export async function refreshLists(
  context: ReadContext,
  why: 'old' | 'not found',
  env: Readonly<Record<string, string>>,
): Promise<string | null> {
  const { code, stderr } = await runScript(context, REFRESH, [why], { env: { ...env } })
  const lines = stderr.toString().trim().split('\n')
  const complaints = lines.filter((line) => /^[EW]: /.test(line))
  // A mirror that cannot be reached just now is a mere warning to apt, which then goes on with what it has.
  if (code === 0 && !complaints.some((line) => line.startsWith('W: Failed to fetch'))) return null
  return (complaints.length > 0 ? complaints : lines.slice(-5)).join('\n')
}
