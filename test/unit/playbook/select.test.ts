import { describe, expect, test } from 'vitest'
import type { Play, PlanOptions } from '../../../src/playbook/playbook.ts'
import { selectRoles } from '../../../src/playbook/select.ts'
import { errorsOf } from '../../support/project.ts'

const at = { file: 'p.yml', line: 1, column: 1 }
const role = (text: string) => {
  const [name = '', ...tags] = text.split(' ')
  return { role: name, tags, vars: new Map(), at }
}
const play = (name: string, tags: string[], ...roles: string[]): Play => ({
  name, tags, hosts: 'all', hostsAt: at, serial: null, anyErrorsFatal: true, vars: new Map(), at, roles: roles.map(role),
}) // prettier-ignore

const plays = [
  play('first', [], 'preflight always', 'hosts_file net', 'packages', 'wipe never danger'),
  play('second', ['cluster'], 'pcs_cluster', 'resources net'),
]

const selected = (options: PlanOptions): string =>
  selectRoles(plays, options)
    .map(({ name, roles }) => `${name}: ${roles.map((entry) => entry.role).join(' ')}`)
    .join('; ')

describe('selectRoles', () => {
  test.each<[string, PlanOptions, string]>([
    ['everything', {}, 'first: preflight hosts_file packages; second: pcs_cluster resources'],
    ['all', { tags: ['all'] }, 'first: preflight hosts_file packages; second: pcs_cluster resources'],
    ['a tag of roles', { tags: ['net'] }, 'first: preflight hosts_file; second: resources'],
    ['a tag of a play', { tags: ['cluster'] }, 'first: preflight; second: pcs_cluster resources'],
    ['two tags', { tags: ['cluster', 'net'] }, 'first: preflight hosts_file; second: pcs_cluster resources'],
    ['what never runs, asked for', { tags: ['danger'] }, 'first: preflight wipe'],
    ['a start', { startAt: 'packages' }, 'first: packages; second: pcs_cluster resources'],
    ['a start in the second play', { startAt: 'resources' }, 'second: resources'],
    ['a start and a tag', { startAt: 'packages', tags: ['net'] }, 'second: resources'],
  ])('%s', (_name, options, roles) => expect(selected(options)).toBe(roles))

  test('unknown names are errors', async () => {
    expect(await errorsOf(() => selected({ tags: ['ent'] }))).toMatchInlineSnapshot(`
      "no play or role has the tag "ent" (did you mean "net"?) [TAG_UNKNOWN]
        next      Its tags are: always, net, never, danger, cluster."
    `)
    expect(await errorsOf(() => selected({ startAt: 'pcs-cluster' }))).toMatchInlineSnapshot(`
      "the playbook has no role "pcs-cluster" (did you mean "pcs_cluster"?) [ROLE_UNKNOWN]
        next      Start at one of: preflight, hosts_file, packages, wipe, pcs_cluster, resources."
    `)
  })
})
