import { quote } from '../../../shell/quote.ts'
import { Secret } from '../../../secret.ts'
import { wordAndId } from '../constraint_schema.ts'
import type { LocationWanted } from '../constraint_schema.ts'
import { roleWord } from '../generation.ts'
import type { CloneWanted, ResourceWanted } from '../resource_schema.ts'
import type { Attributes } from '../value_schema.ts'
import type { ExportedCib } from './export_cib.ts'
import type { Form } from './form.ts'
import { pairText } from './unsaid.ts'

/**
 * A script of pcs commands (0.10.8 or later) that builds the same on a cluster without resources: on a copy of its CIB,
 * which is then pushed as one change, so that no resource runs before its constraints are there. Passwords are taken from
 * the environment.
 */
export function pcsForm(exported: ExportedCib): Form {
  const { cib, generation } = exported
  const unsaid: string[] = []
  const commands: string[] = []
  const pcs = (...words: string[]): void => void commands.push(`pcs -f new.xml ${words.join(' ')}`)
  const variables = new Map(exported.secrets.map(({ secret, variable }) => [secret, variable]))
  const pairs = (values: Attributes, owner: string): string[] =>
    Object.entries(values).flatMap(([name, value]) => {
      if (value instanceof Secret) return [`${quote(name)}="$${variables.get(value)}"`]
      // To pcs an option without a value is one to take away.
      if (value === '') unsaid.push(`${owner}: ${pairText(name, value)}`)
      return value === '' || value === null ? [] : [quote(`${name}=${value}`)]
    })
  const some = (words: readonly string[], ...command: string[]): void => {
    if (words.length > 0) pcs(...command, ...words)
  }
  some(pairs(cib.properties, 'property'), 'property set')
  some(pairs(cib.resource_defaults, 'rsc_defaults'), 'resource defaults update')
  some(pairs(cib.operation_defaults, 'op_defaults'), 'resource op defaults update')

  const operations = ({ id, operations: all }: ResourceWanted): string[] =>
    all.flatMap(({ name, options, ...rest }) => {
      const { OCF_CHECK_LEVEL: level, ...others } = options
      for (const [option, value] of Object.entries(others)) {
        unsaid.push(`${id}: operation ${name} interval=${rest.interval}: ${pairText(option, String(value))}`)
      }
      const word = rest.role === undefined ? undefined : roleWord(rest.role, generation)
      const given = Object.entries({ ...rest, role: word, OCF_CHECK_LEVEL: level }).flatMap(([key, value]) =>
        value === undefined || value === null ? [] : [quote(`${key}=${String(value)}`)],
      )
      return [name, ...given]
    })
  const copy = (id: string, command: string, wanted: CloneWanted | undefined): void => {
    if (wanted === undefined) return
    const own = wanted.id ?? `${id}-clone`
    pcs(`resource ${command}`, id, own)
    some(pairs(wanted.meta, own), 'resource meta', own)
  }
  for (const resource of cib.resources) {
    const { id, agent, options, meta, clone, promotable } = resource
    const isFence = agent.startsWith('stonith:')
    const ops = operations(resource)
    const metas = pairs(meta, `${id} meta`)
    const create = isFence ? ['stonith create', id, agent.slice(8)] : ['resource create', id, quote(agent)]
    const words = [...pairs(options, id), ...(ops.length > 0 ? ['op', ...ops] : [])]
    const flag = isFence ? [] : ['--no-default-ops']
    pcs(...create, ...words, ...(metas.length > 0 ? ['meta', ...metas] : []), ...flag)
    if (!resource.operations.some(({ name }) => name === 'monitor')) {
      // pcs gives every resource a monitor.
      pcs(`${isFence ? 'stonith' : 'resource'} op remove`, id, 'monitor')
    }
    copy(id, 'clone', clone)
    copy(id, 'promotable', promotable)
  }
  for (const [id, { resources, meta, clone, promotable }] of Object.entries(cib.groups)) {
    pcs('resource group add', id, ...resources)
    some(pairs(meta, `group ${id}`), 'resource meta', id)
    copy(id, 'clone', clone)
    copy(id, 'promotable', promotable)
  }
  const { location, colocation, order } = cib.constraints
  for (const one of location) locationCommand(one)
  for (const { id, resource, with: other, score } of colocation) {
    const words = [resource, 'with', other].map(inRole)
    pcs('constraint colocation add', ...words, `score=${score}`, ...given({ id }))
  }
  for (const { id, first, then, kind, symmetrical } of order) {
    const shownKind = kind === 'Mandatory' ? undefined : kind
    pcs(
      'constraint order',
      action(first),
      'then',
      action(then),
      ...given({ kind: shownKind, symmetrical, id }),
    )
  }
  for (const [target, levels] of Object.entries(cib.stonith_levels ?? {})) {
    for (const [level, devices] of Object.entries(levels)) {
      pcs('stonith level add', level, quote(target), ...devices)
    }
  }
  return { text: script(exported, commands), unsaid }

  function locationCommand({ id, resource, node, rule, score, discovery }: LocationWanted): void {
    const { word, id: rsc } = wordAndId(resource)
    const seen = given({ 'resource-discovery': discovery })
    if (rule === undefined) {
      // Behind "--" it is no option.
      const sure = score.startsWith('-') ? ['--', score] : [score]
      if (word === undefined)
        pcs('constraint location add', id ?? '', rsc, quote(node ?? ''), ...sure, ...seen)
      else unsaid.push(`location ${id}, of a role on a node`)
      return
    }
    const promoted = word === undefined ? undefined : roleWord(word, generation)
    if (promoted === 'Started' || promoted === 'Stopped') {
      unsaid.push(`location ${id}, with a rule for the role ${promoted}`)
      return
    }
    // Each word and each parenthesis is a word of its own to pcs.
    const words = rule.match(/[()]|"[^"]*"|[^\s()]+/g)?.map((text) => quote(text.replace(/^"(.*)"$/, '$1')))
    // pcs 0.10 knows the old words in small letters alone, here.
    const inRule = generation.promotedWords ? promoted : promoted?.toLowerCase()
    const own = { role: inRule, 'constraint-id': id, score }
    pcs('constraint location', rsc, 'rule', ...seen, ...given(own), ...(words ?? []))
  }
  function inRole(text: string): string {
    const { word, id } = wordAndId(text)
    return word === undefined ? id : `${roleWord(word, generation)} ${id}`
  }
  function action(text: string): string {
    const { word = 'start', id } = wordAndId(text)
    return `${word} ${id}`
  }
}

function given(options: Record<string, string | boolean | undefined>): string[] {
  return Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]))
}

/** In a shell of its own, which ends at the first thing that fails, an unset password included. */
function script({ secrets }: ExportedCib, commands: readonly string[]): string {
  return [
    ...secrets.map(({ variable, of }) => `# ${variable}: ${of}`),
    '(',
    'set -eu',
    'umask 077',
    'cd "$(mktemp -d)"',
    `trap 'rm -rf "$PWD"' EXIT`,
    'pcs cluster cib live.xml',
    'cp live.xml new.xml',
    ...commands,
    'pcs cluster cib-push new.xml diff-against=live.xml',
    ')',
    '',
  ].join('\n')
}
