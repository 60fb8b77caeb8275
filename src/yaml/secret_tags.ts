import { isScalar } from 'yaml'
import type { ParsedNode } from 'yaml'
import type { Place } from '../errors.ts'
import { resolveFrom } from '../path.ts'
import { PendingSecret } from '../secrets/pending.ts'
import type { SecretSource } from '../secrets/pending.ts'
import type { ConvertContext } from './convert.ts'
import type { Located } from './located.ts'

export const secretTags: readonly string[] = ['!env', '!file', '!prompt', '!age']

/** A value tagged as a secret: it says where the secret is, and is looked up only when a run needs it. */
export function secretTag(tag: string, node: ParsedNode, at: Place, context: ConvertContext): Located {
  const text = isScalar(node) && typeof node.value === 'string' ? node.value.trim() : ''
  const source = isScalar(node) ? sourceOf(tag, text, context.directory) : null
  if (source === null) {
    const { seen, remedy } = usage[tag]!
    context.problems.add('YAML_SYNTAX', `${tag} needs ${seen} behind it`, { at, remedy })
    return { kind: 'scalar', value: null, literal: false, at }
  }
  return { kind: 'secret', secret: new PendingSecret(source, at), at }
}

function sourceOf(tag: string, text: string, directory: string): SecretSource | null {
  if (tag === '!env') return /^[A-Za-z_][A-Za-z0-9_]*$/.test(text) ? { kind: 'env', name: text } : null
  if (tag === '!file')
    return text === '' || text.includes('\0') ? null : { kind: 'file', path: resolveFrom(directory, text) }
  if (tag === '!prompt') return text === '' ? null : { kind: 'prompt', text }
  const armored =
    text.startsWith('-----BEGIN AGE ENCRYPTED FILE-----') && text.endsWith('-----END AGE ENCRYPTED FILE-----')
  return armored ? { kind: 'age', armor: text } : null
}

const usage: Readonly<Record<string, { seen: string; remedy: string }>> = {
  '!env': {
    seen: 'the name of an environment variable',
    remedy: 'Write for example: !env HACLUSTER_PASSWORD',
  },
  '!file': { seen: 'a path', remedy: 'Write for example: !file ~/.config/hacluster-password' },
  '!prompt': { seen: 'the question to ask', remedy: 'Write for example: !prompt "Password of hacluster"' },
  '!age': {
    seen: 'a block with an armored age file',
    remedy: 'Write "!age |" and, indented below, what `bringup secrets encrypt` prints.',
  },
}
