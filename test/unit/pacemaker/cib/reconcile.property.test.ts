// oxlint-disable unicorn/no-thenable -- "then" is pacemaker's own word for what comes second, and a string
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BringupError } from '../../../../src/errors.ts'
import { emptyCib } from '../../../../src/pacemaker/cib/empty.ts'
import { milliseconds } from '../../../../src/pacemaker/cib/meaning.ts'
import { applyTo, compare, reconcile } from '../../../../src/pacemaker/cib/reconcile.ts'
import { cibSchema } from '../../../../src/pacemaker/cib/schema.ts'
import type { Cib } from '../../../../src/pacemaker/cib/schema.ts'
import { allResources } from '../../../../src/pacemaker/cib/resource_tree.ts'
import {
  appended,
  child,
  element,
  elements,
  parseXml,
  renderXml,
  replaced,
  walk,
  withAttributes,
} from '../../../../src/pacemaker/xml.ts'
import type { XmlElement } from '../../../../src/pacemaker/xml.ts'

const IDS = ['a', 'b', 'c', 'd'] as const
const NODES = ['server1', 'server2'] as const

const someOf = <T>(...of: T[]) => fc.constantFrom(...of)
const options = fc.dictionary(someOf('ip', 'nic', 'opt'), someOf('1', '2', 'yes', null), {
  noNullPrototype: true,
})
const meta = fc.dictionary(
  someOf('priority', 'target-role', 'resource-stickiness'),
  someOf('5', 'Started', null),
  {
    noNullPrototype: true,
  },
)
const operation = fc
  .record(
    {
      name: someOf('monitor', 'start', 'stop'),
      interval: someOf('10s', '20', '30000ms'),
      timeout: someOf('20s', '1min'),
      role: someOf('Promoted' as const, 'Slave' as const),
    },
    { requiredKeys: ['name'] },
  )
  .map(({ interval, ...fields }) => (fields.name === 'monitor' ? { ...fields, interval } : fields))
const copies = fc.oneof(
  fc.constant({}),
  fc.record({ clone: fc.record({ meta: someOf({}, { interleave: true }) }) }),
  fc.record({ promotable: fc.record({ meta: someOf({}, { 'promoted-max': 1 }) }) }),
)
const resource = fc
  .tuple(
    fc.record({
      agent: someOf('ocf:pacemaker:Dummy', 'ocf:heartbeat:IPaddr2', 'systemd:x@y:z'),
      options,
      meta,
      operations: fc.uniqueArray(operation, {
        maxLength: 3,
        selector: (one) => `${one.name} ${milliseconds(('interval' in one && one.interval) || '60s')}`,
      }),
    }),
    copies,
  )
  .map(([fields, copied]) => ({ ...fields, ...copied }))

const score = someOf('INFINITY', '-INFINITY', '100', '-5')
const constraints = fc.record({
  location: fc.array(
    fc.oneof(
      fc.record({ resource: someOf('a', 'Promoted b', 'c'), node: someOf(...NODES), score }),
      fc.record({
        resource: someOf('a', 'b'),
        rule: someOf('pingd lt 1 or not_defined pingd', 'defined x'),
        score,
      }),
    ),
    { maxLength: 3 },
  ),
  colocation: fc.array(fc.record({ resource: someOf('a', 'b'), with: someOf('c', 'Master d'), score }), {
    maxLength: 2,
  }),
  order: fc.array(
    fc.record({
      first: someOf('a', 'promote b'),
      then: someOf('c', 'start d'),
      kind: someOf('Mandatory' as const, 'Optional' as const, 'Serialize' as const),
      symmetrical: someOf(true, false, undefined),
    }),
    { maxLength: 2 },
  ),
})

const declared: fc.Arbitrary<Cib> = fc
  .record({
    properties: fc.dictionary(someOf('stonith-enabled', 'no-quorum-policy'), someOf('true', '0', null), {
      noNullPrototype: true,
    }),
    resource_defaults: fc.dictionary(someOf('resource-stickiness'), someOf('1', 'INFINITY'), {
      noNullPrototype: true,
    }),
    operation_defaults: fc.dictionary(someOf('timeout'), someOf('20s', '60s'), { noNullPrototype: true }),
    resources: fc.dictionary(someOf(...IDS), resource, { noNullPrototype: true }),
    groups: fc.dictionary(someOf('g', 'h'), fc.uniqueArray(someOf(...IDS), { minLength: 1, maxLength: 3 }), {
      noNullPrototype: true,
    }),
    constraints,
    purge: fc.boolean(),
  })
  .map((input) => cibSchema.parse(plausible(input)))

interface Drawn {
  resources: Record<string, object>
  groups: Record<string, string[]>
  constraints: { [kind: string]: object[] }
}

/** Without what the schema refuses or nothing could satisfy: names of nothing, members of two groups, cloned members. */
function plausible<D extends Drawn>(drawn: D): D {
  const taken = new Set<string>()
  const groups = Object.entries(drawn.groups).flatMap(([group, members]) => {
    const left = members.filter((id) => id in drawn.resources && !taken.has(id))
    for (const id of left) taken.add(id)
    return left.length === 0 ? [] : [[group, left]]
  })
  const resources = Object.entries(drawn.resources).map(([id, { ...fields }]) => {
    return [id, taken.has(id) ? { ...fields, clone: undefined, promotable: undefined } : fields]
  })
  const isKnown = (text: unknown) =>
    typeof text !== 'string' || (text.split(' ').at(-1) ?? '') in drawn.resources
  const constraints = Object.entries(drawn.constraints).map(([kind, list]) => {
    const named = ['resource', 'with', 'first', 'then'] as const
    return [
      kind,
      list.filter((one) => named.every((name) => isKnown((one as Record<string, unknown>)[name]))),
    ]
  })
  return {
    ...drawn,
    resources: Object.fromEntries(resources),
    groups: Object.fromEntries(groups),
    constraints: Object.fromEntries(constraints),
  }
}

const SCHEMAS = ['pacemaker-2.10', 'pacemaker-3.5', 'pacemaker-3.9', 'pacemaker-4.0'] as const

/** What other people and tools left in the CIB, which no declaration here mentions. */
const FOREIGN = parseXml(`<foreign>
  <primitive id="theirs" class="ocf" provider="heartbeat" type="Filesystem"><!-- ask Kim first -->
    <instance_attributes id="theirs-opts"><rule id="theirs-rule" score="INFINITY"><expression id="theirs-e" attribute="x" operation="defined"/></rule><nvpair id="theirs-dev" name="ip" value="/dev/vdb"/></instance_attributes>
    <operations><op id="theirs-op" name="monitor" interval="7s"/></operations></primitive>
  <rsc_location id="cli-ban-theirs-on-server1" rsc="theirs" node="server1" score="-INFINITY"/>
  <rsc_location id="drbd-fence-by-handler-r0-theirs" rsc="theirs"><rule id="dr" role="Master" score="-INFINITY"><expression id="de" attribute="#uname" operation="ne" value="server1"/></rule></rsc_location>
</foreign>`)

/** A live CIB: what an earlier declaration made of an empty one, and what is foreign to all declarations. */
const live: fc.Arbitrary<XmlElement> = fc
  .tuple(declared, someOf(...SCHEMAS), fc.boolean())
  .map(([earlier, schema, foreign]) => {
    const blank = {
      ...emptyCib(),
      attributes: { 'validate-with': schema, admin_epoch: '0', epoch: '4', num_updates: '9' },
    }
    const cib = attempt(() => applyTo(blank, { ...earlier, purge: false })) ?? blank
    return foreign ? withForeign(cib) : cib
  })

function withForeign(cib: XmlElement): XmlElement {
  const configuration = child(cib, 'configuration')!
  const resources = child(configuration, 'resources')!
  const [primitive, ...temporary] = elements(FOREIGN)
  // On a resource that may be declared, so that a purge is not refused for their sake alone.
  const rsc = find(resources, 'a') === undefined ? 'theirs' : 'a'
  const others = temporary.map((node) => withAttributes(node, { rsc }))
  const filled = replaced(configuration, resources, appended(resources, primitive!))
  const both = replaced(
    filled,
    child(configuration, 'constraints')!,
    element('constraints', {}, [...child(configuration, 'constraints')!.children, ...others]),
  )
  const status = child(cib, 'status')!
  const state = element('node_state', { id: '1', uname: 'server1' })
  return replaced(replaced(cib, configuration, both), status, appended(status, state))
}

/** Undefined where the wanted state is refused, which is as good an answer as any. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (error instanceof BringupError && error.code === 'REFUSED') return undefined
    throw error
  }
}

const find = (cib: XmlElement, id: string) => [...walk(cib)].find((node) => node.attributes.id === id)

describe('for every live CIB and every declaration that it can take', { timeout: 60_000 }, () => {
  const holds = (check: (before: XmlElement, wanted: Cib, after: XmlElement) => void) => {
    let reached = 0
    fc.assert(
      fc.property(live, declared, (before, wanted) => {
        const after = attempt(() => applyTo(before, wanted))
        if (after === undefined) return
        reached++
        check(before, wanted, after)
      }),
      { numRuns: 100 },
    )
    // Were everything refused, nothing would have been checked.
    expect(reached).toBeGreaterThan(20)
  }

  test('what is applied is met, also after it went through the wire', () => {
    holds((_before, wanted, after) => {
      expect(compare(wanted, after)).toEqual([])
      expect(compare(wanted, parseXml(renderXml(after)))).toEqual([])
      expect(applyTo(after, wanted)).toBe(after)
    })
  })

  test('the version goes up exactly when something changes', () => {
    holds((before, wanted, after) => {
      const { differences } = reconcile(before, wanted)
      const step = Number(after.attributes.epoch) - Number(before.attributes.epoch)
      expect(step).toBe(differences.length > 0 ? 1 : 0)
      expect(renderXml(after) === renderXml(before)).toBe(differences.length === 0)
    })
  })

  test('no id is given twice', () => {
    holds((_before, _wanted, after) => {
      const ids = [...walk(child(after, 'configuration')!)].map((node) => node.attributes.id).filter(Boolean)
      expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
    })
  })

  test('no resource has two operations of one name and interval', () => {
    holds((_before, _wanted, after) => {
      for (const list of [...walk(after)].filter((node) => node.name === 'operations')) {
        const keys = elements(list, 'op').map(
          ({ attributes }) => `${attributes.name} ${milliseconds(attributes.interval ?? '0')}`,
        )
        expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([])
      }
    })
  })

  test('what is not mentioned is as it was, unless purged', () => {
    holds((before, wanted, after) => {
      expect(child(after, 'status')).toBe(child(before, 'status'))
      if (wanted.purge) return
      const mentioned = new Set(wanted.resources.map(({ id }) => id))
      for (const node of allResources(child(child(before, 'configuration'), 'resources')!)) {
        const { id = '' } = node.attributes
        if (node.name === 'primitive' && !mentioned.has(id)) expect(find(after, id)).toEqual(node)
      }
      for (const node of elements(FOREIGN)) {
        const { id = '' } = node.attributes
        expect(find(after, id)).toEqual(find(before, id))
      }
    })
  })

  test('temporary constraints outlive a purge', () => {
    holds((before, _wanted, after) => {
      for (const node of elements(FOREIGN, 'rsc_location')) {
        const { id = '' } = node.attributes
        expect(find(after, id)).toEqual(find(before, id))
      }
    })
  })

  test('a purge leaves no resource that is neither declared nor in a declared group', () => {
    holds((_before, wanted, after) => {
      if (!wanted.purge) return
      const named = new Set([
        ...wanted.resources.map(({ id }) => id),
        ...Object.values(wanted.groups).flatMap((group) => group.resources),
      ])
      const left = allResources(child(child(after, 'configuration'), 'resources')!)
      const primitives = left
        .filter((node) => node.name === 'primitive')
        .map((node) => node.attributes.id ?? '')
      expect(primitives.filter((id) => !named.has(id))).toEqual([])
    })
  })
})
