import type { Node, ReadContext } from 'bringup'
import { activeOn } from '../../src/cluster/planned/services.ts'
import { isUp } from '../../src/cluster/units_up.ts'
import { parseCmap } from '../../src/pacemaker/corosync/cmap.ts'
import type { Cmap } from '../../src/pacemaker/corosync/cmap.ts'
import { parseConf, sections, value } from '../../src/pacemaker/corosync/conf.ts'
import type { Section } from '../../src/pacemaker/corosync/conf.ts'
import { parseCorosyncVersion } from '../../src/pacemaker/corosync/version.ts'
import type { CorosyncVersion } from '../../src/pacemaker/corosync/version.ts'
import { CRM_MON, parseCrmMon } from '../../src/pacemaker/crm_mon.ts'
import { CONF, KEY } from './paths.ts'

/** What a node has of corosync. */
export interface CorosyncView {
  readonly name: string
  /** Undefined where it is not installed. */
  readonly version: CorosyncVersion | undefined
  readonly conf: Section | null
  /** sha256 of the key; null where there is none. */
  readonly key: string | null
  /** Whether the key was written after the corosync that runs was started, which then has another one, or none. */
  readonly isKeyNewer: boolean
  readonly pacemaker: boolean
  /** What the running corosync has; null where none runs. */
  readonly cmap: Cmap | null
  /** Ids of the resources that Pacemaker runs there. */
  readonly resources: readonly string[]
}

// Seconds since 1970, those since boot, and of the process those until its start, in ticks.
const LOOK = `
units=$(systemctl is-active corosync pacemaker)
printf 'units %s\\n' "$(echo $units)"
[ -e "$1" ] && sha256sum <"$1" && find "$1" -printf 'written %T@\\n'
pid=$(systemctl show -p MainPID corosync); pid=\${pid#MainPID=}
if [ "\${pid:-0}" != 0 ] && [ -e "/proc/$pid/stat" ]; then
  printf 'now %s\\nuptime %s\\nticks %s\\nstart %s\\n' "$(date +%s.%N)" "$(cut -d ' ' -f 1 /proc/uptime)" \\
    "$(getconf CLK_TCK)" "$(sed 's/.*) //' "/proc/$pid/stat" | cut -d ' ' -f 20)"
fi; :`

/**
 * Looks at a node; the key itself stays where it is.
 * @throws BringupError REFUSED where it is in corosync.conf, whose lines and whose map are shown
 */
export async function viewOf<V>(node: Node<V>): Promise<CorosyncView> {
  const text = await node.readText(CONF)
  const conf = text === null ? null : parseConf(text)
  const inline =
    conf === null ? [] : sections(conf, 'totem').filter((totem) => value(totem, 'key') !== undefined)
  await node.require(
    `no key in ${CONF} itself`,
    async () => inline.length === 0 || 'its totem section has one',
    `Move it to ${KEY} on all nodes (0400), restart corosync there, and run this again.`,
  )
  const [version, { stdout }, running] = await Promise.all([
    node.$.read({ nothrow: true })`corosync -v`,
    node.$.read`sh -c ${LOOK} sh ${KEY}`,
    readCmap(node),
  ])
  const units = /^units (\S+) (\S+)/m.exec(stdout)
  const pacemaker = isUp(units?.[2])
  return {
    name: node.name,
    version: version.exitCode === 0 ? parseCorosyncVersion(version.stdout) : undefined,
    conf,
    key: /^[0-9a-f]{64}/m.exec(stdout)?.[0] ?? null,
    isKeyNewer: isNewer(stdout),
    pacemaker,
    cmap: running ?? (isUp(units?.[1]) ? new Map() : null),
    resources: pacemaker ? await resourcesOn(node) : [],
  }
}

/** Whether the key was written after the corosync that runs was started. */
export async function isKeyNewer({ $ }: Pick<ReadContext, '$'>): Promise<boolean> {
  return isNewer((await $.read`sh -c ${LOOK} sh ${KEY}`).stdout)
}

function isNewer(text: string): boolean {
  const number = (word: string): number => Number(new RegExp(`^${word} (.+)$`, 'm').exec(text)?.[1])
  const age = number('uptime') - number('start') / number('ticks')
  return number('now') - number('written') < age
}

/** Of its map, what is of use here; the members twice, as corosync 3 and 2 have them. */
const PARTS = [
  'totem.',
  'nodelist.',
  'quorum.',
  'logging.',
  'bringup.',
  'runtime.votequorum.',
  'runtime.members.',
  'runtime.totem.pg.mrp.srp.members.',
]

/** What a running corosync has; null where none answers. */
export async function readCmap({ $ }: Pick<ReadContext, '$'>): Promise<Cmap | null> {
  const { exitCode, stdout } = await $.read({ nothrow: true })`corosync-cmapctl ${PARTS}`
  return exitCode === 0 ? parseCmap(stdout) : null
}

async function resourcesOn<V>(node: Node<V>): Promise<string[]> {
  const { exitCode, stdout } = await node.$.read({ nothrow: true })`sh -c ${CRM_MON}`
  if (exitCode !== 0) return []
  return [...new Set(activeOn(parseCrmMon(stdout), node.name).map(({ id }) => id))]
}
