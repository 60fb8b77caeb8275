import type { Lab } from '../../scripts/lab/raise.ts'

/** Everything on a node that a run could leave behind, in lines that two nodes of the same kind have in common. */
export interface NodeState {
  /** Type, mode, owner and target by path; the digest too for what was written since the node booted. */
  readonly files: ReadonlyMap<string, string>
  /** Command lines of what runs. How many there are of each is up to the daemons. */
  readonly processes: ReadonlySet<string>
  /** Protocols, addresses and ports that something listens on. */
  readonly listening: ReadonlySet<string>
  /** What must be on no node at all: proxies, locks, half-done packages. */
  readonly remains: readonly string[]
}

/** What stands in the place of the parts of a name that differ from node to node, and from run to run. */
const VARYING: readonly [RegExp, string][] = [
  [/^\/tmp\/\d{8}-\d+-\w+$/, '/tmp/RUBY'],
  [/\/pymp-[^/]+(\/listener-.*)?$/, '/PYTHON'],
  [/systemd-private-[0-9a-f]{32}-(.*)-\w{6}/, 'systemd-private-$1'],
  [/^\/dev\/shm\/qb-.*/, '/dev/shm/QB'],
  [/^\/run\/systemd\/journal\/streams\/.*/, '/run/systemd/journal/streams/STREAM'],
  [/^(\/var\/lib\/pacemaker\/cib\/cib-)\d+\.raw(\.sig)?$/, '$1N.raw'],
  [/^(\/var\/lib\/pacemaker\/(pengine\/pe|cib\/cib)-).*/, '$1N'],
  [/^(\/var\/log\/journal\/)[^/]+/, '$1MACHINE'],
]

/** Kept by the system itself, in its own time. */
const OF_THE_SYSTEM =
  /^\/(var\/log|var\/lib\/pacemaker\/(pengine|cib)|run\/log|run\/systemd\/(sessions|users|journal|seats|units|transient)|run\/host|var\/lib\/apt\/lists|dev\/shm)\//

/** Whose content is made anew on each node: keys, what the cluster writes for itself, caches. */
const OWN_CONTENT = new Set([
  '/etc/corosync/authkey',
  '/etc/machine-id',
  '/etc/pacemaker/authkey',
  '/run/adduser',
  '/run/bringup/lock',
  '/run/corosync.pid',
  '/run/motd.dynamic',
  '/run/utmp',
  '/tmp/RUBY',
  '/var/cache/apt/pkgcache.bin',
  '/var/cache/apt/srcpkgcache.bin',
  '/var/cache/ldconfig/aux-cache',
  '/var/lib/corosync/ringid_1',
  '/var/lib/corosync/ringid_2',
  '/var/lib/pcsd/known-hosts',
  '/var/lib/pcsd/pcs_users.conf',
  '/var/lib/pcsd/pcsd.crt',
  '/var/lib/pcsd/pcsd.key',
])

/** Files that differ in one word only: a password's salt, a cluster's id. */
const COMPARED = `
sum() { printf '%s  %s\\n' "$(sha256sum | cut -d ' ' -f 1)" "$1"; }
for file in /etc/shadow /etc/shadow-; do sed -E 's/^([^:]*):[$][^:]*/\\1:SET/' $file | sum $file; done
if [ -e /etc/corosync/corosync.conf ]; then grep -v cluster_uuid /etc/corosync/corosync.conf | sum /etc/corosync/corosync.conf; fi`

const SECTION = '<<<'

const SCRIPT = `
places='/ /run /run/lock /tmp /dev/shm'
since=$(stat -c %y /proc/1)
find $places -xdev -path /run/host -prune -o -printf '%p\\t%y %m %u:%g %l\\n'
echo '${SECTION}'
find $places -xdev -path /run/host -prune -o -type f -newerct "$since" ! -path /etc/shadow ! -path /etc/shadow- ! -path /etc/corosync/corosync.conf -exec sha256sum {} +
${COMPARED}
echo '${SECTION}'
for process in /proc/[0-9]*; do
  id=\${process#/proc/}
  if [ "$id" != $$ ]; then tr '\\0' ' ' <$process/cmdline 2>/dev/null; echo; fi
done
echo '${SECTION}'
ss -H -tuln | awk '{ print $1, $5 }'
echo '${SECTION}'
grep -l -z -i -E '^(http|https|ftp|all)_proxy=' /proc/[0-9]*/environ 2>/dev/null | while read -r file; do
  echo "proxy in $file: $(tr '\\0' ' ' <"\${file%environ}cmdline")"
done
grep -r -l -i -E 'proxy.*127[.]0[.]0[.]1|bringup:' /etc /root 2>/dev/null | sed 's/^/proxy in /'
for file in /var/lib/dpkg/lock-frontend /var/lib/dpkg/lock /var/lib/apt/lists/lock /var/cache/apt/archives/lock; do
  inode=$(stat -c %i $file)
  if grep -q ":$inode " /proc/locks; then echo "locked: $file"; fi
done
for file in /run/bringup/lock /run/bringup/busy; do
  if [ -e $file ] && ! flock -n $file true; then echo "locked: $file"; fi
done
ls /var/lib/dpkg/updates | sed 's/^/not ended: dpkg update /'
dpkg --audit`

/** Looks at a node from beside it: nothing logs in. */
export async function nodeState(lab: Lab, node: string): Promise<NodeState> {
  const { stdout, stderr } = await lab.exec(node, SCRIPT)
  const [entries = '', digests = '', processes = '', listening = '', remains] = stdout.split(`${SECTION}\n`)
  if (remains === undefined) throw new Error(`${node} does not tell its state: ${stderr}`)
  const files = new Map<string, string>()
  for (const line of lines(entries)) {
    const [path = '', what = ''] = line.split('\t')
    const name = common(path)
    if (name !== null) files.set(name, what)
  }
  for (const line of lines(digests)) {
    const name = common(line.slice(66))
    if (name !== null && !OWN_CONTENT.has(name)) files.set(name, `${files.get(name)} ${line.slice(0, 64)}`)
  }
  return {
    files,
    processes: new Set(lines(processes)),
    listening: new Set(lines(listening)),
    remains: lines(remains),
  }
}

/** How a node differs from one of the same kind that was never disturbed, in words; empty where it does not. */
export function differences(state: NodeState, reference: NodeState): string[] {
  const paths = [...new Set([...reference.files.keys(), ...state.files.keys()])].toSorted()
  const files = paths.flatMap((path) => {
    const [is, was] = [state.files.get(path), reference.files.get(path)]
    if (is === was) return []
    if (was === undefined) return [`more: ${path} (${is})`]
    return is === undefined ? [`missing: ${path} (${was})`] : [`other: ${path} (${is}, not ${was})`]
  })
  return [
    ...files,
    ...compared('process', state.processes, reference.processes),
    ...compared('port', state.listening, reference.listening),
    ...state.remains,
  ]
}

function compared(what: string, is: ReadonlySet<string>, was: ReadonlySet<string>): string[] {
  return [
    ...[...is.difference(was)].map((line) => `${what} more: ${line}`),
    ...[...was.difference(is)].map((line) => `${what} missing: ${line}`),
  ]
}

/** A path as any node has it; null where it does not matter. */
function common(path: string): string | null {
  if (OF_THE_SYSTEM.test(path)) return null
  return VARYING.reduce((name, [varying, word]) => name.replace(varying, word), path)
}

const lines = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '')
