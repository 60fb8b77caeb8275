import type * as z from 'zod'
import { Secret } from '../secret.ts'
import { describeScalar } from '../yaml/located.ts'

type Issue = z.core.$ZodIssue

/** What a schema wanted and what it got, in words for people who know YAML, not zod. */
export interface Explained {
  /** From the var's name inwards; empty for the vars as a whole. */
  readonly path: readonly PropertyKey[]
  /** Completes "expected …"; for what a role's own check says, that. */
  readonly expected: string
  readonly seen: string
  /** There is nothing where something must be. */
  readonly missing: boolean
}

/** @param input all that was checked, to look up what was seen */
export function explainIssue(issue: Issue, input: unknown): Explained[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      path: [...issue.path, key],
      expected: 'no such key',
      seen: `the key ${JSON.stringify(key)}`,
      missing: false,
    }))
  if (issue.code === 'invalid_union') {
    const inside = deepestBranch(issue)
    if (inside !== null)
      return inside.flatMap((inner) =>
        explainIssue({ ...inner, path: [...issue.path, ...inner.path] } as Issue, input),
      )
  }
  const value = valueAt(input, issue.path)
  return [
    {
      path: issue.path,
      expected: expectedOf(issue),
      seen: seenOf(value, issue),
      missing: value === undefined,
    },
  ]
}

/** Of the ways in which no branch of a union fitted, the one that came furthest, if one did: it was meant. */
function deepestBranch(issue: Extract<Issue, { code: 'invalid_union' }>): readonly Issue[] | null {
  const depth = (branch: readonly Issue[]): number => Math.max(0, ...branch.map(({ path }) => path.length))
  const deep = issue.errors.filter((branch) => depth(branch) > 0)
  return deep.length === 1 ? deep[0]! : null
}

/** What zod says by itself; anything else was written by the role's author and says it better. */
const isDefault = (message: string): boolean => /^(Invalid |Too (big|small): |Unrecognized key)/.test(message)

function expectedOf(issue: Issue): string {
  if (!isDefault(issue.message)) return issue.message.replace(/^must be (?=\S)/, '')
  switch (issue.code) {
    case 'invalid_type':
      return types[issue.expected] ?? issue.expected
    case 'too_small':
    case 'too_big':
      return limitOf(issue)
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`
    case 'invalid_format':
      return formatOf(issue)
    case 'invalid_value':
      return issue.values.length === 1
        ? scalarText(issue.values[0])
        : `one of ${issue.values.map(scalarText).join(', ')}`
    case 'invalid_union':
      return unionOf(issue)
    case 'invalid_key':
      return `other keys (${issue.issues.map((inner) => expectedOf(inner as Issue)).join(', ')})`
    case 'invalid_element':
      return issue.issues.map((inner) => expectedOf(inner as Issue)).join(', ')
    default:
      return issue.message
  }
}

const types: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a map',
  record: 'a map',
  map: 'a map',
  null: 'nothing',
  undefined: 'nothing',
  never: 'nothing',
}

function limitOf(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>): string {
  const small = issue.code === 'too_small'
  const limit = small ? issue.minimum : issue.maximum
  const bound = issue.exact ? 'exactly' : small ? 'at least' : 'at most'
  const plural = (one: string): string => `${bound} ${limit} ${limit === 1 ? one : `${one}s`}`
  if (issue.origin === 'string') return `text of ${plural('character')}`
  if (['array', 'set', 'map', 'object'].includes(issue.origin)) return `a list of ${plural('item')}`
  if (issue.inclusive === false) return `a number ${small ? 'above' : 'below'} ${limit}`
  return `a number of ${bound} ${limit}`
}

const formats: Readonly<Record<string, string>> = {
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  cidrv4: 'an IPv4 network, as 192.168.1.0/24',
  cidrv6: 'an IPv6 network, as fd00::/64',
  mac: 'a MAC address',
  url: 'a URL',
  email: 'an e-mail address',
  uuid: 'a UUID',
  hostname: 'a host name',
  duration: 'an ISO 8601 duration',
  datetime: 'an ISO 8601 date and time',
  date: 'a date, as 2030-12-31',
  time: 'a time, as 23:59',
}

function formatOf(issue: Extract<Issue, { code: 'invalid_format' }>): string {
  const { format, pattern } = issue
  const detail = issue as { prefix?: string; suffix?: string; includes?: string }
  if (format === 'starts_with') return `text that starts with ${JSON.stringify(detail.prefix)}`
  if (format === 'ends_with') return `text that ends with ${JSON.stringify(detail.suffix)}`
  if (format === 'includes') return `text with ${JSON.stringify(detail.includes)} in it`
  if (format === 'regex') return `text that matches ${pattern}`
  return formats[format] ?? `text in the form of ${format}`
}

function unionOf(issue: Extract<Issue, { code: 'invalid_union' }>): string {
  // Only unions with a discriminator have it: the values of that key.
  const { options } = issue as { options?: readonly unknown[] }
  if (options !== undefined) return `one of ${options.map(scalarText).join(', ')}`
  const parts = issue.errors.map((branch) => branch.map((inner) => expectedOf(inner as Issue)).join(' and '))
  const distinct = [...new Set(parts.filter((part) => part !== ''))]
  return distinct.length === 0 ? 'another value' : distinct.join(', or ')
}

const scalarText = (value: unknown): string =>
  typeof value === 'string' ? JSON.stringify(value) : String(value)

/** A value of a secret, or of something that is called like one, is never shown. */
function seenOf(value: unknown, issue: Issue): string {
  if (value === undefined) return 'nothing'
  if (value instanceof Secret) return 'a secret'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`
  if (typeof value === 'object' && value !== null) return 'a map'
  const hidden =
    (issue.code === 'custom' && issue.params?.['secret'] === true) ||
    issue.path.some((step) => /pass|secret|token|key$|credential/i.test(String(step)))
  if (hidden) return typeof value === 'string' ? 'text (not shown)' : `a ${typeof value}`
  return describeScalar(value as string | number | boolean | null)
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, step) => (typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined),
    input,
  )
}

/** A path as people write it: `cluster_links[0].address`. */
export const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, step) =>
      typeof step === 'number' ? `${text}[${step}]` : text === '' ? String(step) : `${text}.${String(step)}`,
    '',
  )
