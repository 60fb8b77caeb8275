import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { cibOf, clusterVars } from '../../../../roles/cluster_resources/vars.ts'
import { applyTo, compare } from '../../../../src/pacemaker/cib/reconcile.ts'
import type { Cib } from '../../../../src/pacemaker/cib/schema.ts'
import { PACEMAKERS, pcsCib } from '../fixture.ts'
import { section } from './wanted.ts'

/** The declarations that users copy: what begins with `cluster_resources` in the role's README, DRBD's part. */
const readme = readFileSync(
  new URL('../../../../roles/cluster_resources/README.md', import.meta.url),
  'utf8',
).split('## DRBD')[1]
const blocks = [...(readme ?? '').matchAll(/```yaml\n([\s\S]*?)```/g)].map(
  ([, text]) => parse(text ?? '') as Record<string, object>,
)
const [promoted = {}, mounted = {}] = blocks

const declared = (vars: object): Cib => cibOf(clusterVars.parse(vars))
/** Design A has the group of B, and neither the clone nor its constraints. */
const byMounting = {
  ...promoted,
  ...mounted,
  cluster_resources: {
    ...Object.fromEntries(
      Object.entries(promoted['cluster_resources'] ?? {}).filter(([id]) => id !== 'drbd_r0'),
    ),
    ...mounted['cluster_resources'],
  },
}

describe.each(PACEMAKERS)("DRBD, as the role's README declares it, on pacemaker %s", (version) => {
  test.each([
    ['promoted by pacemaker', promoted],
    ['promoted by mounting', byMounting],
  ])('%s: what was applied is what is wanted', (_, vars) => {
    const wanted = declared(vars)
    const live = pcsCib(version)
    expect(compare(wanted, live)).not.toEqual([])
    expect(compare(wanted, applyTo(live, wanted))).toEqual([])
  })

  test('roles are written in the words of its schema', () => {
    const cib = applyTo(pcsCib(version), declared(promoted))
    const [role, other] = version === '2.0.5' ? ['Master', 'Slave'] : ['Promoted', 'Unpromoted']
    expect(section(cib, 'resources')).toMatch(new RegExp(`interval="29s"[^>]* role="${role}"`))
    expect(section(cib, 'resources')).toMatch(new RegExp(`interval="31s"[^>]* role="${other}"`))
    expect(section(cib, 'constraints')).toMatch(
      new RegExp(`<rsc_colocation [^>]*with-rsc="drbd_r0-clone"[^>]* with-rsc-role="${role}"`),
    )
  })
})

test('the promoted side is what the group goes with, and starts after', () => {
  const constraints = section(applyTo(pcsCib('2.1.5'), declared(promoted)), 'constraints')
  expect(constraints.split('\n').filter((line) => line.includes('drbd_r0'))).toMatchInlineSnapshot(`
    [
      "  <rsc_colocation id="colocation-data-drbd_r0-clone-INFINITY" rsc="data" with-rsc="drbd_r0-clone" score="INFINITY" rsc-role="Started" with-rsc-role="Promoted"/>",
      "  <rsc_order id="order-drbd_r0-clone-data-mandatory" first="drbd_r0-clone" then="data" first-action="promote" then-action="start"/>",
    ]
  `)
})
