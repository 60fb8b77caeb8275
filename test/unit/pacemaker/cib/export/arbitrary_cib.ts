// oxlint-disable unicorn/no-thenable -- "then" is pacemaker's own word for what comes second, and a string
import fc from 'fast-check'
import { emptyCib } from '../../../../../src/pacemaker/cib/empty.ts'
import { applyTo } from '../../../../../src/pacemaker/cib/reconcile.ts'
import { cibSchema } from '../../../../../src/pacemaker/cib/schema.ts'
import type { Cib } from '../../../../../src/pacemaker/cib/schema.ts'
import type { XmlElement } from '../../../../../src/pacemaker/xml.ts'

/** No other text of a CIB holds it. */
export const PASSWORD = 'hush-hush"do-not\'tell-it$anyone'

const some = <T>(...of: T[]) => fc.constantFrom(...of)
const dictionary = <T>(keys: string[], values: fc.Arbitrary<T>) =>
  fc.dictionary(some(...keys), values, { noNullPrototype: true })

const text = fc.oneof(
  some(
    '1',
    '024',
    '-5',
    'true',
    'yes',
    'null',
    '',
    '~',
    '1e3',
    '{{ x }}',
    '#',
    ': ',
    '- a',
    '!env X',
    'a b',
    '10min',
  ),
  fc.string({ unit: some(...'ab01 "\'\\$`{}[]#&*!|>%@:,=<é\n\t'.split('')) }),
)
const options = dictionary(['ip', 'nic', 'passwd', 'OCF_x', '1'], text).map((drawn) =>
  'passwd' in drawn ? { ...drawn, passwd: PASSWORD } : drawn,
)
const meta = dictionary(['priority', 'target-role', 'resource-stickiness'], some('5', 'Started', '-INFINITY'))
const duration = some('10s', '20', '30000ms', '1min', 'PT5M')
const operation = fc
  .record(
    {
      name: some('monitor', 'monitor', 'start', 'stop', 'promote'),
      interval: some('10s', '21', '32000ms', '60s', '0'),
      timeout: duration,
      role: some('Promoted' as const, 'Slave' as const, 'Started' as const),
      'on-fail': some('restart' as const, 'block' as const),
      'start-delay': duration,
      enabled: some('true', 'false', 'no'),
      options: dictionary(['OCF_CHECK_LEVEL', 'x'], some('10', 'y')),
    },
    { requiredKeys: ['name'] },
  )
  .map(({ interval, ...one }) =>
    one.name === 'monitor' && interval !== undefined ? { ...one, interval } : one,
  )
const cloneMeta = dictionary(['interleave', 'notify', 'clone-max', 'promoted-max'], some('true', '2', 'yes'))
const copies = fc.oneof(
  fc.constant({}),
  fc.record({ clone: fc.record({ id: some(undefined, 'copied'), meta: cloneMeta }) }),
  fc.record({ promotable: fc.record({ id: some(undefined, 'promoted'), meta: cloneMeta }) }),
)
const resource = fc
  .tuple(
    fc.record({
      agent: some('ocf:pacemaker:Dummy', 'systemd:x@y:z', 'stonith:fence_ipmilan', 'lsb:x'),
      options,
      meta,
      operations: fc.uniqueArray(operation, {
        maxLength: 4,
        selector: (one) =>
          `${one.name} ${'interval' in one ? one.interval : ''}`.replace(/^(monitor) (60s)?$/, '$1'),
      }),
    }),
    copies,
  )
  .map(([fields, copied]) => ({ ...fields, ...copied }))

const score = some('INFINITY', '-INFINITY', '100', '-5', '+3')
const rule = some(
  'not_defined pingd or pingd lt 1',
  '#uname eq server1 and (a gte number 2.5 or b ne "x y")',
  'date gt 2026-01-01',
  'date in_range "2026-01-01 00:00" to 2027-01-01',
  'defined a and defined b and c eq and',
)
const named = { id: some(undefined, undefined, 'own') }
const constraints = fc.record({
  location: fc.uniqueArray(
    fc.oneof(
      fc.record({
        ...named,
        resource: some('a', 'Promoted b', 'c'),
        node: some('server1', 'server2'),
        score,
      }),
      fc.record({
        resource: some('a', 'Slave b'),
        rule,
        score,
        discovery: some(undefined, 'never' as const),
      }),
    ),
    { maxLength: 3, selector: (one) => JSON.stringify([one.resource, 'node' in one ? one.node : one.rule]) },
  ),
  colocation: fc.array(fc.record({ resource: some('a', 'b'), with: some('c', 'Master d'), score }), {
    maxLength: 1,
  }),
  order: fc.array(
    fc.record({
      first: some('a', 'promote b', 'stop c'),
      then: some('c', 'start d', 'demote b'),
      kind: some('Mandatory' as const, 'Optional' as const, 'Serialize' as const),
      symmetrical: some(true, false, undefined),
    }),
    { maxLength: 1 },
  ),
})

const IDS = ['a', 'b', 'c', 'd']
const inGroup = fc.record({
  meta,
  members: fc.uniqueArray(some('c', 'd'), { minLength: 1 }),
  copied: some<object>(
    {},
    { clone: { meta: { interleave: 'true' } } },
    { promotable: { id: 'gc', meta: {} } },
  ),
})

/** A declaration that the schema takes, with all four resources. */
const declared: fc.Arbitrary<Cib> = fc
  .record({
    properties: dictionary(
      ['stonith-enabled', 'no-quorum-policy', 'cluster-name'],
      some('true', '0', 'ignore'),
    ),
    resource_defaults: dictionary(['resource-stickiness'], some('1', 'INFINITY')),
    operation_defaults: dictionary(['timeout'], some('20s', '60s')),
    resources: fc.tuple(resource, resource, resource, resource),
    group: fc.option(inGroup, { nil: undefined }),
    constraints,
    levels: dictionary(
      ['server1', 'server2'],
      some<object>(['a'], ['a', ['b', 'c']], { 2: 'a', 5: ['b', 'c'] }),
    ),
  })
  .map(({ resources, group, levels, ...rest }) => {
    const taken = new Set<string>()
    const all = resources.map((fields, index) => {
      const id = IDS[index] ?? ''
      const alone = { ...fields, clone: undefined, promotable: undefined }
      const own =
        'clone' in fields ? fields.clone.id : 'promotable' in fields ? fields.promotable.id : undefined
      const again = own !== undefined && taken.has(own)
      if (own !== undefined) taken.add(own)
      return [id, again || group?.members.includes(id as 'c') ? alone : fields]
    })
    const groups = group && { g: { resources: group.members, meta: group.meta, ...group.copied } }
    return cibSchema.parse({
      ...rest,
      resources: Object.fromEntries(all),
      groups: groups ?? {},
      stonith_levels: levels,
    })
  })

export function blank(schema: string): XmlElement {
  return {
    ...emptyCib(),
    attributes: { 'validate-with': schema, admin_epoch: '0', epoch: '4', num_updates: '9' },
  }
}

const SCHEMAS = ['pacemaker-2.10', 'pacemaker-3.5', 'pacemaker-3.9', 'pacemaker-4.0'] as const

/** A live CIB in which nothing stands that could not be declared. */
export const live: fc.Arbitrary<XmlElement> = fc
  .tuple(declared, some(...SCHEMAS))
  .map(([wanted, schema]) => applyTo(blank(schema), wanted))
