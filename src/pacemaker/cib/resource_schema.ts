import * as z from 'zod'
import { milliseconds } from './meaning.ts'
import { attributes, duration, id } from './value_schema.ts'

const AGENT = /^(ocf:[\w.-]+:[\w.-]+|(systemd|lsb|service|upstart|stonith):[\w.@:-]+)$/

/** `ocf::heartbeat:IPaddr2`, as older tools print it, is taken for `ocf:heartbeat:IPaddr2`. */
const agent = z
  .string()
  .transform((text) => text.replace(/^ocf::/, 'ocf:'))
  .refine(
    (text) => AGENT.test(text),
    'must be an agent, as ocf:heartbeat:IPaddr2, systemd:haproxy, stonith:fence_ipmilan',
  )
  .describe('ocf:PROVIDER:TYPE, systemd:UNIT, stonith:TYPE')

const operationRole = z
  .enum(['Started', 'Stopped', 'Promoted', 'Unpromoted', 'Master', 'Slave'])
  .describe('The role that a monitor is for; Master and Slave mean Promoted and Unpromoted')

const operationFields = {
  interval: duration.optional().describe('How often, for monitors; 60s when left out'),
  timeout: duration.optional().describe("How long it may take; the agent's own advice when left out"),
  role: operationRole.optional(),
  'on-fail': z
    .enum(['ignore', 'block', 'stop', 'restart', 'fence', 'standby', 'demote', 'restart-container'])
    .optional()
    .describe('What the cluster does when it fails'),
  'start-delay': duration.optional(),
  enabled: z
    .union([z.string(), z.boolean().transform(String)])
    .optional()
    .describe('false turns it off'),
  options: attributes.describe('For this operation only, as OCF_CHECK_LEVEL'),
}

const operationName = z
  .string()
  .regex(/^[a-z][a-z_-]*$/, 'must be the name of an action, as monitor or start')
const unnamed = z.strictObject(operationFields)

const operationSchema = z
  .strictObject({ name: operationName, ...operationFields })
  .transform((operation) => ({
    ...operation,
    interval: operation.interval ?? (operation.name === 'monitor' ? '60s' : '0s'),
  }))

export type ResourceOperation = z.output<typeof operationSchema>

const byName = z
  .record(operationName, z.union([duration, unnamed, z.array(unnamed)]))
  .describe('By name: monitor: 30s (its interval), start: { timeout: 60s }, monitor: [{ … }, { … }]')
  .transform((record, context) =>
    Object.entries(record).flatMap(([name, given]): z.input<typeof operationSchema>[] => {
      if (typeof given !== 'string') return [given].flat().map((fields) => ({ name, ...fields }))
      if (name === 'monitor') return [{ name, interval: given }]
      const message = `a bare time means the interval, which only monitor has: write { timeout: ${given} }`
      context.addIssue({ code: 'custom', path: [name], message, input: given })
      return []
    }),
  )

/** Pacemaker knows an operation by its name and interval, so two monitors need two intervals. */
export const operations = z
  .union([z.array(operationSchema), byName.pipe(z.array(operationSchema))])
  .default([])
  .superRefine((list, context) => {
    const seen = new Set<string>()
    for (const [index, { name, interval }] of list.entries()) {
      if (name !== 'monitor' && milliseconds(interval) !== 0) {
        const message = `${name} does not recur: leave its interval out`
        context.addIssue({ code: 'custom', path: [index, 'interval'], message, input: interval })
      }
      const key = `${name} ${milliseconds(interval)}`
      if (seen.has(key)) {
        const message = `two ${name} operations with the interval ${interval}: pacemaker needs different ones`
        context.addIssue({ code: 'custom', path: [index, 'interval'], message, input: interval })
      }
      seen.add(key)
    }
  })

const cloneFields = z.strictObject({
  id: id.optional().describe('Its id; RESOURCE-clone when left out'),
  meta: attributes.describe('Its meta attributes, as interleave, clone-max, promoted-max, notify'),
})

const clone = z.union([
  z.literal(true).transform((): z.output<typeof cloneFields> => ({ meta: {} })),
  z.literal(false).transform(() => undefined),
  cloneFields,
])

export type CloneWanted = z.output<typeof cloneFields>

const copies = {
  clone: clone.optional().describe('true, or { id, meta }: runs on every node'),
  promotable: clone
    .optional()
    .describe('true, or { id, meta }: runs on every node, promoted on one (as DRBD)'),
}

const notBoth = (given: { clone?: unknown; promotable?: unknown }) =>
  given.clone === undefined || given.promotable === undefined
const notBothMessage = 'a promotable resource is a clone already: leave out "clone"'

const resourceFields = {
  agent,
  options: attributes.describe("The agent's own options (instance attributes)"),
  meta: attributes.describe('Meta attributes, as migration-threshold, target-role, resource-stickiness'),
  operations: operations.describe('Operations; those left out are the ones that the agent advises'),
  group: id.optional().describe('The group that it is in, after the members that come before it here'),
  ...copies,
}

const identified = z.strictObject({ id, ...resourceFields }).refine(notBoth, notBothMessage)

export type ResourceWanted = z.output<typeof identified>

export const resources = z
  .union([
    z.array(identified),
    z
      .record(id, z.strictObject(resourceFields).refine(notBoth, notBothMessage))
      .transform((record) => Object.entries(record).map(([name, fields]) => ({ id: name, ...fields }))),
  ])
  .default([])

const groupFields = z
  .strictObject({
    resources: z.array(id).min(1).describe('Its members, started in this order and stopped in the reverse'),
    meta: attributes,
    ...copies,
  })
  .refine(notBoth, notBothMessage)

export type GroupWanted = z.output<typeof groupFields>

const memberList = z
  .array(id)
  .min(1)
  .transform((members): GroupWanted => ({ resources: members, meta: {} }))

export const groups = z.record(id, z.union([memberList, groupFields])).default({})
