import { defineRole } from 'bringup'
import type { Node } from 'bringup'
import { PAGES, placesOf, STATUS_PAGE } from './places.ts'
import type { ApachePlaces } from './places.ts'
import { runningPid } from './running.ts'
import { leaveToPacemaker } from './unit.ts'
import { apacheVars } from './vars.ts'
import type { ApacheVars } from './vars.ts'

export default defineRole({
  summary: 'Apache is configured for the agent of Pacemaker, which alone starts it',
  vars: apacheVars,
  handlers: { reload },

  async run({ nodes, warn }) {
    await nodes.each(async (node) => {
      const places = placesOf(node.facts)
      // The agent asks for the status page with curl or wget.
      await node.package({ names: [places.name, 'curl'], start_services: false, recommends: false })
      await leaveToPacemaker(node, places.name, warn)
      await configure(node, places)
      const page = node.vars.apache_node_page
      if (page !== undefined) await node.file({ path: `${PAGES}${page}`, content: `${node.name}\n` })
    })
  },
})

/** Each file is read by Apache itself, with all others of its configuration, before it takes its place. */
async function configure(node: Node<ApacheVars>, places: ApachePlaces): Promise<void> {
  const { configuration, control } = places
  const notify = 'reload'
  await node.line(
    {
      path: configuration,
      line: places.pidLine,
      match: /^\s*PidFile\s/i,
      validate: (path) => [control, '-t', '-f', path],
    },
    { notify },
  )
  await node.file(
    {
      path: places.status,
      content: STATUS_PAGE,
      validate: (path) => [control, '-t', '-c', `Include ${path}`],
    },
    { notify },
  )
  for (const [path, target] of Object.entries(places.links)) await node.symlink({ path, target }, { notify })
}

/**
 * Has an Apache that runs read its files again, without an end to its process. Not `apachectl graceful`, which starts one
 * that does not run.
 */
async function reload(node: Node<ApacheVars>): Promise<void> {
  const pid = await runningPid(node)
  if (pid !== null) await node.$`kill -s USR1 ${pid}`
}
