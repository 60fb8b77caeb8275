import type { Host } from './places.ts'

const FILE = '/etc/drbd.d/global_common.conf'

const ANSWERS = String.raw`^[[:space:]]*usage-count[[:space:]]+(yes|ask)[[:space:]]*;`

/**
 * LINBIT's package says `usage-count yes`: the first call of drbdadm that reads it would tell LINBIT's server of this
 * host, or ask on a terminal that nobody sees.
 */
export const noUsageCount = (node: Host): Promise<unknown> =>
  node.task('drbdadm tells nobody of this host', {
    async met({ $ }) {
      const { stdout } = await $.read({ nothrow: true })`grep -E ${ANSWERS} ${FILE}`
      return stdout.trim() === '' || stdout.trim()
    },
    apply: ({ $ }) => $`sed -i -E ${`s/${ANSWERS}/\tusage-count no;/`} ${FILE}`,
  })
