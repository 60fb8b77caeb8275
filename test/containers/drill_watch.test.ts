import { afterAll, beforeAll, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { engineProject, roleSource } from '../support/engine_project.ts'

let lab: Lab
/** A ping that takes its time to begin, as on a machine that has much to do. */
const SLOW = `#!/bin/sh
case " $* " in *' -O '*) sleep 1 ;; esac
exec /bin/ping "$@"
`
beforeAll(async () => {
  lab = await raiseLab({ nodes: 2 })
  await lab.exec('server1', 'cat >/usr/local/bin/ping && chmod 0755 /usr/local/bin/ping', { input: SLOW })
})
afterAll(() => lab?.down())

const of = (file: string): string => new URL(`../../roles/drill_standby/${file}`, import.meta.url).pathname

test('an address that is away for so long that it counts as unreachable is waited for', async () => {
  const members = `
  async run({ nodes, warn }) {
    const observer = nodes.named('server1').first
    const holder = nodes.named('server2').first
    await holder.$\`ip address add 192.168.111.77/24 dev host0\`
    const watch = await startWatch(observer, '192.168.111.77')
    warn('answered ' + (await observer.$.read({ nothrow: true })\`grep -c time= \${watch.log}\`).stdout.trim())
    await holder.$\`ip address del 192.168.111.77/24 dev host0\`
    await observer.$\`ip neigh flush to 192.168.111.77\`
    await observer.$.read\`until grep -q Unreachable \${watch.log}; do sleep 0.1; done\`
    await holder.$\`ip address add 192.168.111.77/24 dev host0\`
    warn(\`away \${awayTimes(await outputOf(observer, watch)).length} time\`)
    await endWatch(observer, watch)
  },`
  const site = engineProject(lab, { watch: members })
  const imports = `import { endWatch, outputOf, startWatch } from '${of('watch.ts')}'
import { awayTimes } from '${of('ping.ts')}'
`
  site.write({ 'roles/watch/role.ts': imports + roleSource('watch', members) })
  const { exitCode, events, output } = await site.run()
  expect(exitCode, output).toBe(0)
  expect(events).not.toContainEqual(expect.objectContaining({ type: 'warning', message: 'answered 0' }))
  expect(events).toContainEqual(expect.objectContaining({ type: 'warning', message: 'away 1 time' }))
})
