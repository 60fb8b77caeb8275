import { expect, test } from 'vitest'
import { membershipPlan } from '../../../../src/cluster/rejoin/membership.ts'
import type { MembershipPlan, MembershipQuestion } from '../../../../src/cluster/rejoin/membership.ts'
import type { HostView } from '../../../../src/cluster/rejoin/host_view.ts'
import { blank, confOf, statusOf, stopped, working } from './views.ts'
import type { Listed } from './views.ts'

/** What is true of a cluster's machines, whatever anybody says. */
interface World {
  /** Its list of nodes, the same on all that are in order. */
  readonly listed: readonly Listed[]
  readonly machines: readonly Machine[]
  readonly inventory: readonly Listed[]
  /** The node that is to be rebuilt. */
  readonly target: string
}

interface Machine extends Listed {
  readonly state: 'works' | 'cut off' | 'stopped' | 'held' | 'foreign' | 'blank' | 'other key'
}

const STATES = ['works', 'cut off', 'stopped', 'held', 'foreign', 'blank', 'other key'] as const

const nodesOf = (count: number): Listed[] =>
  Array.from({ length: count }, (_, index) => ({
    name: `server${index + 1}`,
    address: `10.0.0.${index + 1}`,
  }))

/** All ways in which an inventory may differ from the cluster: by a name, by an address, two of them swapped, one missing. */
function inventories(nodes: readonly Listed[]): Listed[][] {
  const changed = (at: number, change: Partial<Listed>): Listed[] =>
    nodes.map((node, index) => (index === at ? { ...node, ...change } : node))
  const each = nodes.flatMap((node, at) => {
    const next = nodes[(at + 1) % nodes.length] ?? node
    const swapped = nodes.map((one) =>
      one === node
        ? { ...one, address: next.address }
        : one === next
          ? { ...one, address: node.address }
          : one,
    )
    return [
      changed(at, { name: 'server9' }),
      changed(at, { address: '10.0.0.99' }),
      changed(at, { name: 'server9', address: '10.0.0.99' }),
      changed(at, { address: next.address }),
      swapped,
      nodes.filter((one) => one !== node),
    ]
  })
  return [[...nodes], ...each, [...nodes, { name: 'server9', address: '10.0.0.99' }]]
}

/** Every state of two and of three nodes, with every inventory, for every node of it, before and after a half-done run. */
function* worlds(): Generator<World> {
  for (const nodes of [nodesOf(2), nodesOf(3)])
    for (const inventory of inventories(nodes))
      for (const states of statesOf(inventory.length))
        for (const { name: target } of inventory)
          for (const isRemoved of [false, true]) {
            // A run that died after it had taken the old node out.
            const listed = isRemoved ? nodes.filter(({ name }) => name !== target) : nodes
            const machines = inventory.map((node, index) => ({ ...node, state: states[index] ?? 'blank' }))
            yield { listed, machines, inventory, target }
          }
}

function* statesOf(count: number): Generator<Machine['state'][]> {
  if (count === 0) return yield []
  // A fourth, that only the inventory has, adds nothing new to each of them.
  for (const rest of statesOf(count - 1))
    for (const state of count > 3 ? ['blank' as const] : STATES) yield [...rest, state]
}

/** Those that work see one another; a machine that has another address or name than the cluster's list is not one of them. */
const together = ({ listed, machines }: World): Machine[] =>
  machines.filter(
    ({ name, address, state }) =>
      state === 'works' && listed.some((one) => one.name === name && one.address === address),
  )

function viewOf(of: World, machine: Machine): HostView {
  const { listed } = of
  const { name, state } = machine
  const conf = confOf(listed)
  const names = listed.map((one) => one.name)
  const members = together(of)
  switch (state) {
    case 'works':
      if (!members.includes(machine)) return blank(name)
      return working(
        name,
        conf,
        statusOf(
          names,
          members.map((one) => one.name),
        ),
      )
    case 'cut off':
      return working(name, conf, statusOf(names, [name]))
    case 'held':
      return { ...working(name, conf, statusOf(names, [name])), held: true }
    case 'stopped':
      return stopped(name, conf)
    case 'other key':
      return { ...stopped(name, conf), authkey: 'another' }
    case 'foreign':
      return working(name, confOf([machine], 'other'), statusOf([name], [name]))
    case 'blank':
      return blank(name)
  }
}

function questionOf(of: World): MembershipQuestion {
  const views = of.machines.map((machine) => viewOf(of, machine))
  return {
    wanted: {
      cluster_name: 'lab',
      nodes: of.inventory.map(({ name, address }) => ({ name, addresses: [address] })),
    },
    target: views.find(({ host }) => host === of.target) ?? blank(of.target),
    survivors: views.filter(({ host }) => host !== of.target),
  }
}

/** The world after a plan was carried out, or the first half of it. */
function after(of: World, plan: MembershipPlan, isHalf: boolean): World {
  const become = (state: Machine['state']): Machine[] =>
    of.machines.map((machine) => (machine.name === of.target ? { ...machine, state } : machine))
  switch (plan.do) {
    case 'keep':
      return { ...of, machines: become(isHalf ? 'stopped' : 'held') }
    case 'start':
      if (isHalf) return { ...of, machines: become('held') }
      return { ...of, machines: of.machines.map((machine) => ({ ...machine, state: 'works' })) }
    case 'replace': {
      const rest = of.listed.filter(({ name }) => name !== plan.remove)
      if (isHalf) return { ...of, listed: rest, machines: become('blank') }
      const added = { name: plan.add.name, address: plan.add.addresses[0] ?? '' }
      return { ...of, listed: [...rest, added], machines: become('stopped') }
    }
    default:
      return of
  }
}

test('only where all others work together, and only the place of one that nobody sees', () => {
  const met = new Map<string, number>()
  for (const of of worlds()) {
    const plan = membershipPlan(questionOf(of))
    met.set(plan.do, (met.get(plan.do) ?? 0) + 1)
    if (plan.do !== 'refuse') expect(broken(of, plan), JSON.stringify({ of, plan })).toEqual([])
  }
  // Each of them is met.
  expect([...met.keys()].toSorted()).toEqual(['keep', 'nothing', 'refuse', 'replace', 'start'])
})

/** The laws that a plan breaks. */
function broken(of: World, plan: MembershipPlan): string[] {
  const members = together(of)
  const own = of.machines.find(({ name }) => name === of.target)
  const others = of.machines.filter((one) => one !== own)
  // One that is left of a pair sees nobody, and has a quorum.
  const isWell = ({ state }: Machine): boolean => ['works', 'cut off', 'held'].includes(state)
  const laws: Record<string, boolean> = {
    'the others are one cluster':
      others.length > 1 ? others.every((one) => members.includes(one)) : others.every(isWell),
    'a member is left as it is': (plan.do === 'nothing') === (own !== undefined && members.includes(own)),
    'what may be working is left as it is': own?.state !== 'cut off' && own?.state !== 'foreign',
  }
  if (plan.do === 'replace') {
    const rest = of.listed.filter(({ name }) => name !== plan.remove)
    laws['nobody else is removed'] = !others.some(({ name }) => name === plan.remove)
    laws['no address is given twice'] = !others.some(({ address }) => plan.add.addresses.includes(address))
    laws['whoever stays is in the inventory as in the cluster'] = rest.every(({ name, address }) =>
      of.inventory.some((one) => one.name === name && one.address === address),
    )
  }
  return Object.entries(laws).flatMap(([law, holds]) => (holds ? [] : [law]))
}

test.each([
  ['one that dies never', []],
  ['one that dies in its first step', [true]],
  ['one that dies in every step', [true, true, true]],
  ['one that dies in its second step', [false, true]],
])('%s: running again ends with a member', (_what, deaths) => {
  for (const first of worlds()) {
    if (membershipPlan(questionOf(first)).do === 'refuse') continue
    let of = first
    const plans: MembershipPlan[] = []
    for (const isHalf of [...deaths, false, false, false]) {
      const plan = membershipPlan(questionOf(of))
      plans.push(plan)
      of = after(of, plan, isHalf)
    }
    const end = membershipPlan(questionOf(of))
    expect(end, JSON.stringify({ first, plans })).toEqual({ do: 'nothing' })
  }
})
