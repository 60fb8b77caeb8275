import { clusterVars, cibOf } from '../../../../../roles/cluster_resources/vars.ts'
import type { Cib } from '../../../../../src/pacemaker/cib/schema.ts'
import { createProblems } from '../../../../../src/problems.ts'
import { Secret } from '../../../../../src/secret.ts'
import { pendingIn, replacePending } from '../../../../../src/secrets/walk.ts'
import { plain, templateIn } from '../../../../../src/yaml/located.ts'
import { readYaml } from '../../../../../src/yaml/read_yaml.ts'

/** Printed vars as a run takes them in; the variables stand for these secrets. */
export function readVars(text: string, environment: Readonly<Record<string, string>> = {}): Cib {
  const problems = createProblems()
  const located = readYaml({ text, file: 'vars.yml', directory: '/' }, problems)
  problems.throwIfAny()
  if (located === null) throw new Error(`no YAML: ${text}`)
  if (templateIn(located) !== null) throw new Error(`holds a template: ${text}`)
  const vars = replacePending(plain(located), ({ source }) => {
    const value = source.kind === 'env' ? environment[source.name] : undefined
    if (value === undefined) throw new Error(`no value for ${JSON.stringify(source)}`)
    return new Secret(value)
  })
  if (pendingIn(vars).length > 0) throw new Error('a secret is left')
  return cibOf(clusterVars.parse(vars))
}
