import { runScript } from './host_script.ts'
import type { ReadContext } from './operation.ts'

// fuser and lsof may not be there, and /proc tells the same: what a process has open, works in, runs, or has as its root.
// Names are told from patterns by quoting what find(1) takes as special.
const SCRIPT = `
path=$1 pattern=$2
awk -v ORS='\\n' '{ print $5 }' /proc/self/mountinfo | while read -r point; do
  case $point in "$path"/*) printf 'mounted below it: %s\\n' "$point" ;; esac
done
find /proc/[0-9]*/cwd /proc/[0-9]*/root /proc/[0-9]*/exe /proc/[0-9]*/fd -maxdepth 1 -type l \\
    \\( -lname "$pattern" -o -lname "$pattern/*" \\) 2>/dev/null |
  cut -d / -f 3 | sort -u -n | head -n 20 | while read -r pid; do
    printf '%s, process %s\\n' "$(tr '\\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | cut -c 1-100)" "$pid"
  done
losetup -a 2>/dev/null | grep -F "($path/" | cut -d : -f 1 | sed 's/^/loop device: /'
swapon --noheadings --show=NAME 2>/dev/null | grep -F "$path/" | sed 's/^/swap: /'
exit 0`

/** Who keeps a filesystem from being unmounted, one line each. */
export async function mountHolders(context: Pick<ReadContext, 'remote'>, path: string): Promise<string> {
  const pattern = path.replace(/[\\*?[\]]/g, String.raw`\$&`)
  const { stdout } = await runScript(context, SCRIPT, [path, pattern])
  return stdout.toString().trim()
}
