import type { Node } from 'bringup'
import { crmMon, parseCrmMon } from '../../src/pacemaker/crm_mon.ts'
import type { ClusterStatus } from '../../src/pacemaker/crm_mon.ts'
import { child, elements, parseXml } from '../../src/pacemaker/xml.ts'
import type { XmlElement } from '../../src/pacemaker/xml.ts'
import { startedOn } from '../drill_failover/health.ts'
import type { Scene } from './foretell.ts'
import type { Targets } from './targets.ts'

/** With node attributes and failures, which older ones show only when asked to. */
const LOOK = `
${crmMon('-A -f')}
printf '<<<\\n'
cibadmin --query --scope constraints`

/** How the pair is now, with what crm_mon says of it. */
export async function see<V>(
  via: Node<V>,
  targets: Targets,
): Promise<{ scene: Scene; status: ClusterStatus }> {
  const { stdout } = await via.$.read({ timeout: 60 })`sh -c ${LOOK}`
  const [monitor = '', constraints = ''] = stdout.split('<<<\n')
  return { scene: sceneIn(monitor, constraints, targets), status: parseCrmMon(monitor) }
}

/** @param monitor XML of crm_mon @param constraints the CIB's constraints */
export function sceneIn(monitor: string, constraints: string, { apache, vip, group, ping }: Targets): Scene {
  const status = parseCrmMon(monitor)
  const root = parseXml(monitor, 'crm_mon')
  const names = status.nodes.map(({ name }) => name)
  const [place, address] = startedOn(status, [apache, vip])
  const moved = elements(parseXml(constraints, 'cibadmin'), 'rsc_location')
    .map(({ attributes }) => attributes)
    .filter(({ id, rsc }) => id?.startsWith('cli-') === true && [group, apache, vip].includes(rsc ?? ''))
  return {
    apache: place ?? null,
    vip: address ?? null,
    failures: Object.fromEntries(names.map((name) => [name, failuresOn(root, name, apache)])),
    banned: moved.flatMap(({ score, node }) => (score === '-INFINITY' && node !== undefined ? [node] : [])),
    preferred: moved.find(({ score }) => score !== '-INFINITY')?.node ?? null,
    cutOff: ping === null ? [] : names.filter((name) => !(attributeOf(root, name, ping.attribute) > 0)),
  }
}

function failuresOn(root: XmlElement, node: string, resource: string): number {
  const history = ofNode(child(root, 'node_history'), node, 'resource_history')
  const count = history.find(({ attributes }) => attributes.id === resource)?.attributes['fail-count']
  // crm_mon has the word, or the number that Pacemaker takes for it.
  return count === 'INFINITY' || Number(count) >= 1_000_000 ? Infinity : Number(count ?? 0)
}

function attributeOf(root: XmlElement, node: string, name: string): number {
  const all = ofNode(child(root, 'node_attributes'), node, 'attribute')
  return Number(all.find(({ attributes }) => attributes.name === name)?.attributes.value ?? 0)
}

function ofNode(list: XmlElement | undefined, node: string, item: string): XmlElement[] {
  const found = list && elements(list, 'node').find(({ attributes }) => attributes.name === node)
  return found === undefined ? [] : elements(found, item)
}
