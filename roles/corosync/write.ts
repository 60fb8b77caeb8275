import { posix } from 'node:path'
import type { Node } from 'bringup'
import { renderConf } from '../../src/pacemaker/corosync/conf.ts'
import type { Section } from '../../src/pacemaker/corosync/conf.ts'
import { CONF } from './paths.ts'
import type { CorosyncVars } from './vars.ts'

// The way of corosync 3, that of 2.4, and nothing where it has none.
const TEST = `
usage=$(corosync -h 2>&1)
case $usage in *-t*) ;; *) exit 0 ;; esac
case $usage in *-c*) exec corosync -t -c "$1" ;; esac
COROSYNC_MAIN_CONFIG_FILE=$1 exec corosync -t`

/** Puts the new file in the place of the old one, once the corosync of the node has read it without complaint. */
export async function writeConf(node: Node<CorosyncVars>, conf: Section): Promise<void> {
  const { logfile } = node.vars.corosync_logging
  // corosync does not start where it cannot open it.
  if (logfile !== undefined)
    await node.directory({ path: posix.dirname(logfile), parents: true, follow: true })
  await node.file({
    path: CONF,
    content: renderConf(conf),
    mode: '0644',
    backup: true,
    validate: (temporary) => ['sh', '-c', TEST, 'sh', temporary],
  })
}
