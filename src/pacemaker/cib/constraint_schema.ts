import * as z from 'zod'
import { parseRule } from './rule.ts'
import { id, scoreValue } from './value_schema.ts'

const ROLES = ['Started', 'Stopped', 'Promoted', 'Unpromoted', 'Master', 'Slave'] as const
const ACTIONS = ['start', 'stop', 'promote', 'demote'] as const

const withWord = (words: readonly string[], example: string) =>
  z
    .string()
    .transform((text) => text.trim().replace(/\s+/g, ' '))
    .refine(
      (text) => new RegExp(`^((${words.join('|')}) )?[A-Za-z_][\\w.-]*$`).test(text),
      `must be the id of a resource, after one of ${words.join(', ')} where that is meant, as "${example}"`,
    )

const inRole = withWord(ROLES, 'Promoted drbd').describe(
  'A resource, or a role and a resource: "Promoted drbd"',
)
const doing = withWord(ACTIONS, 'promote drbd').describe(
  'A resource, or an action and a resource: "promote drbd"',
)

const name = { id: id.optional().describe('Its id; made as pcs makes it when left out') }

const location = z
  .strictObject({
    ...name,
    resource: inRole,
    node: z
      .string()
      .min(1)
      .optional()
      .describe('The node that it prefers, or avoids where the score is negative'),
    rule: z.string().optional().describe('As pcs writes it: pingd lt 1 or not_defined pingd'),
    score: scoreValue.default('INFINITY'),
    discovery: z
      .enum(['always', 'never', 'exclusive'])
      .optional()
      .describe('Whether the cluster looks for the resource on that node'),
  })
  .refine(
    (given) => (given.node === undefined) !== (given.rule === undefined),
    'needs either "node" or "rule"',
  )
  .superRefine(({ rule }, context) => {
    if (rule === undefined) return
    const parsed = parseRule(rule)
    if (typeof parsed === 'string')
      context.addIssue({ code: 'custom', path: ['rule'], message: parsed, input: rule })
  })

const colocation = z.strictObject({
  ...name,
  resource: inRole.describe('The resource that follows'),
  with: inRole.describe('The resource that it goes with; this one is placed first'),
  score: scoreValue.default('INFINITY'),
})

const order = z.strictObject({
  ...name,
  first: doing,
  // oxlint-disable-next-line unicorn/no-thenable -- pcs's own word, and no function
  then: doing,
  kind: z
    .enum(['Mandatory', 'Optional', 'Serialize'])
    .default('Mandatory')
    .describe('Optional: only when both happen at once; Serialize: never at once'),
  symmetrical: z.boolean().optional().describe('false: not the reverse when stopping'),
})

export type LocationWanted = z.output<typeof location>
export type ColocationWanted = z.output<typeof colocation>
export type OrderWanted = z.output<typeof order>

export const constraints = z
  .strictObject({
    location: z.array(location).default([]),
    colocation: z.array(colocation).default([]),
    order: z.array(order).default([]),
  })
  .default({ location: [], colocation: [], order: [] })

/** Splits `Promoted drbd` or `promote drbd` into its word and the id. */
export function wordAndId(text: string): { word: string | undefined; id: string } {
  const [first = '', second] = text.split(' ')
  return second === undefined ? { word: undefined, id: first } : { word: first, id: second }
}
