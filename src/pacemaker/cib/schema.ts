import * as z from 'zod'
import { constraints } from './constraint_schema.ts'
import { groups, resources } from './resource_schema.ts'
import { attributes, id } from './value_schema.ts'

const devices = z.union([id.transform((device) => [device]), z.array(id).min(1)])

/** `[ipmi1, [pdu_a, pdu_b]]`: level 1, then level 2. */
const levelList = z
  .array(devices)
  .min(1)
  .max(9)
  .transform((list) => Object.fromEntries(list.map((level, index) => [String(index + 1), level])))

/** The same with the levels named: `{ "1": ipmi1, "5": [pdu_a, pdu_b] }`. */
const levels = z.record(z.string().regex(/^[1-9]$/, 'must be a level from 1 to 9'), devices)

/** The vars of a cluster's configuration, each usable alone in a role's own schema. */
export const cibFields = {
  properties: attributes.describe('Cluster properties, as cluster-recheck-interval: 5min'),
  resource_defaults: attributes.describe('Defaults of meta attributes for all resources'),
  operation_defaults: attributes.describe('Defaults for all operations, as timeout: 60s'),
  resources: resources.describe('Resources by id, or as a list with ids'),
  groups: groups.describe('Groups by id: a list of members, or { resources, meta, clone }'),
  constraints: constraints.describe('Where resources run, together with what, and in which order'),
  stonith_levels: z
    .record(z.string().min(1), z.union([levelList, levels]))
    .optional()
    .describe(
      'By node: fence devices in the order they are tried; several in a list are one level, tried together',
    ),
  purge: z
    .boolean()
    .default(false)
    .describe('Removes the properties, resources and constraints that are not mentioned here'),
}

const whole = z.strictObject(cibFields)

/** Finds what no field alone can show; for a schema that has {@link cibFields} among its own. */
export function consistentCib(
  { resources: list, groups: declared }: Pick<z.output<typeof whole>, 'resources' | 'groups'>,
  context: z.core.$RefinementCtx,
): void {
  const owners = new Map<string, string>()
  const ids = new Set<string>()
  for (const [index, resource] of list.entries()) {
    if (ids.has(resource.id) || resource.id in declared) {
      const message = `two things have the id ${resource.id}`
      context.addIssue({ code: 'custom', path: ['resources', index, 'id'], message, input: resource.id })
    }
    ids.add(resource.id)
    if (resource.group !== undefined) owners.set(resource.id, resource.group)
  }
  const clones = list.filter((resource) => resource.clone !== undefined || resource.promotable !== undefined)
  const cloned = new Set(clones.map((resource) => resource.id))
  for (const resource of clones.filter((one) => one.group !== undefined)) {
    const message = `${resource.id} is in group ${resource.group}: clone the group, or take it out`
    context.addIssue({ code: 'custom', path: ['resources'], message, input: resource.id })
  }
  for (const [group, { resources: members }] of Object.entries(declared)) {
    for (const [index, member] of members.entries()) {
      const other = owners.get(member)
      const message =
        other !== undefined && other !== group
          ? `${member} is in group ${other} already`
          : members.indexOf(member) !== index
            ? `${member} is in this group twice`
            : cloned.has(member)
              ? `${member} is a clone, which cannot be in a group: clone the group`
              : undefined
      if (message !== undefined) {
        const path = ['groups', group, 'resources', index]
        context.addIssue({ code: 'custom', path, message, input: member })
      }
      owners.set(member, group)
    }
  }
}

/**
 * What a cluster's configuration is to be. What is not mentioned is left alone, unless `purge` says otherwise. What the
 * schema gives out, it also takes.
 */
export const cibSchema = whole.superRefine(consistentCib)

export type Cib = z.output<typeof cibSchema>

/** The members of every declared group, whether the group names them or they name the group, in order. */
export function groupMembers(desired: Pick<Cib, 'resources' | 'groups'>): Map<string, string[]> {
  const members = new Map(Object.entries(desired.groups).map(([name, group]) => [name, [...group.resources]]))
  for (const { id: resource, group } of desired.resources) {
    if (group === undefined) continue
    const list = members.get(group) ?? []
    if (!list.includes(resource)) list.push(resource)
    members.set(group, list)
  }
  return members
}
