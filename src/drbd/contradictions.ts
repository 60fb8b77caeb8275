import { isKnownTo, losesData } from './keywords.ts'
import { diskOf } from './resource_nodes.ts'
import type { DrbdResource } from './resource_schema.ts'

export interface Contradiction {
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** What in one resource cannot be, or would lose data by itself; empty when nothing is. */
export function contradictions(resource: DrbdResource): Contradiction[] {
  return [
    ...twice(resource),
    ...disksOfNodes(resource),
    ...dangers(resource),
    ...(resource.driver === '8.4' ? notIn84(resource) : []),
    ...unknownKeywords(resource),
  ]
}

function* twice({ nodes, volumes }: DrbdResource): Generator<Contradiction> {
  const seen = new Set<string>()
  const again = (what: string) => seen.size === seen.add(what).size
  for (const [at, node] of nodes.entries()) {
    const here = ['nodes', at]
    if (again(`node ${node.name}`)) yield { path: [...here, 'name'], message: `${node.name} is there twice` }
    if (again(`node_id ${node.node_id}`)) {
      yield { path: [...here, 'node_id'], message: `node_id ${node.node_id} is another node's` }
    }
    const endpoint = `${node.address} port ${node.port}`
    if (again(endpoint)) yield { path: [...here, 'address'], message: `${endpoint} is another node's` }
  }
  for (const [at, { volume, minor, disks }] of volumes.entries()) {
    const here = ['volumes', at]
    if (again(`volume ${volume}`))
      yield { path: [...here, 'volume'], message: `volume ${volume} is there twice` }
    if (again(`minor ${minor}`))
      yield { path: [...here, 'minor'], message: `minor ${minor} is another volume's` }
    for (const [node, disk] of Object.entries(disks)) {
      if (again(`${node}:${disk}`)) {
        yield { path: [...here, 'disks', node], message: `${disk} of ${node} is another volume's` }
      }
    }
  }
}

function* disksOfNodes(resource: DrbdResource): Generator<Contradiction> {
  const { nodes, volumes, max_peers: slots, first_primary: first } = resource
  const diskful = nodes.filter((node) => !node.diskless)
  if (first !== undefined && !diskful.some(({ name }) => name === first)) {
    yield { path: ['first_primary'], message: `${first} is none of the nodes with disks` }
  }
  if (diskful.length < 2) yield { path: ['nodes'], message: 'at least two nodes must have disks' }
  if (slots !== undefined && slots < diskful.length - 1) {
    yield {
      path: ['max_peers'],
      message: `must be ${diskful.length - 1} or more: every node with a disk has that many peers`,
    }
  }
  for (const [at, volume] of volumes.entries()) {
    const path = ['volumes', at, 'disks']
    for (const { name } of diskful) {
      if (diskOf(volume, name) === undefined) yield { path, message: `no disk of ${name} is named` }
    }
    for (const name of Object.keys(volume.disks)) {
      if (!diskful.some((node) => node.name === name)) {
        const is = nodes.some((node) => node.name === name) ? 'is diskless' : 'is none of the nodes'
        yield { path: [...path, name], message: `${name} ${is}` }
      }
    }
  }
}

function* dangers(resource: DrbdResource): Generator<Contradiction> {
  if (resource.quorum !== 'off' && resource.fencing !== 'dont-care') {
    yield {
      path: ['fencing'],
      message: 'quorum and fencing decide against one another: have one of them (DRBD guide, quorum)',
    }
  }
  if (typeof resource.quorum === 'number' && resource.quorum > resource.nodes.length) {
    yield { path: ['quorum'], message: `${resource.quorum} is more than there are nodes` }
  }
  if (resource.net['allow-two-primaries'] === 'yes') {
    yield {
      path: ['net', 'allow-two-primaries'],
      message: 'two primaries need a cluster file system and fencing at all levels, which is not set up here',
    }
  }
  for (const [name, value] of Object.entries(resource.net)) {
    if (losesData(name, value)) {
      yield { path: ['net', name], message: `"${value}" throws one node's writes away with nobody asked` }
    }
  }
}

function* notIn84(resource: DrbdResource): Generator<Contradiction> {
  const no = (path: string, what: string) => ({ path: [path], message: `DRBD 8.4 has ${what}` })
  if (resource.nodes.length > 2) yield no('nodes', 'exactly two nodes')
  if (resource.nodes.some((node) => node.diskless)) yield no('nodes', 'no diskless tiebreaker')
  if (resource.quorum !== 'off') yield no('quorum', 'no quorum')
  if (resource.auto_promote === true) yield no('auto_promote', 'no auto-promote')
  if (resource.max_peers !== undefined) yield no('max_peers', 'metadata for one peer only')
}

function* unknownKeywords(resource: DrbdResource): Generator<Contradiction> {
  for (const section of ['net', 'disk', 'options', 'handlers', 'startup'] as const) {
    for (const name of Object.keys(resource[section])) {
      if (!isKnownTo(resource.driver, name)) {
        yield { path: [section, name], message: `DRBD ${resource.driver} does not know it` }
      }
    }
  }
  if (resource.quorum === 'off' && resource.options['on-no-quorum'] !== undefined) {
    yield { path: ['options', 'on-no-quorum'], message: 'quorum is off' }
  }
  if (resource.fencing === 'dont-care' && resource.handlers['fence-peer'] !== undefined) {
    yield { path: ['handlers', 'fence-peer'], message: 'is never called with fencing: dont-care' }
  }
}
