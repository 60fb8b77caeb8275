import { isMap, isScalar, parseDocument, YAMLMap } from 'yaml'
import type { Document } from 'yaml'
import { BringupError } from '../errors.ts'
import { withoutLogin } from './sources_lock.ts'

const HEAD =
  ' Tarballs that were taken in, and are to be the same ever after; keep this file with the inventory.'

/**
 * The text of a lock file with one source more, behind the others; comments and order stay.
 * @param text as it is now, read without problems; empty where there is no file yet
 * @throws BringupError SOURCES_LOCK_INVALID where its map is an alias of another
 */
export function withSource(
  text: string,
  { name, sha256, from }: { name: string; sha256: string; from: string },
): string {
  const document: Document = parseDocument(text, { logLevel: 'error' })
  if (text.trim() === '') document.commentBefore = HEAD
  const sources = mapOfSources(document)
  if (sources === null) {
    throw new BringupError('SOURCES_LOCK_INVALID', `${name} can not be added to the lock of sources`, {
      expected: 'a map below "sources:", written out',
      seen: 'something else, or an alias',
      remedy: 'Write the map itself there.',
    })
  }
  if (sources.has(name)) throw new BringupError('INTERNAL', `${name} is in the lock of sources already`)
  // Braces would keep all of it on one line.
  sources.flow = false
  sources.set(
    document.createNode(name),
    document.createNode({ sha256: sha256.toLowerCase(), from: withoutLogin(from) }),
  )
  // Nothing is folded: a URL is easier compared on one line.
  return document.toString({ lineWidth: 0 })
}

/** The map to add to; made where there is nothing yet. */
function mapOfSources(document: Document): YAMLMap | null {
  const root = orEmptyMap(document.contents, document)
  if (root === null) return null
  document.contents = root
  root.flow = false
  const sources = orEmptyMap(root.get('sources', true), document)
  if (sources !== null) root.set('sources', sources)
  return sources
}

/** A map where there was nothing, with the comments on that nothing; null where there is something else. */
function orEmptyMap(node: unknown, document: Document): YAMLMap | null {
  if (isMap(node)) return node
  const made = new YAMLMap(document.schema)
  if (node === null || node === undefined) return made
  if (!isScalar(node) || node.value !== null) return null
  const comments = [node.commentBefore, node.comment].filter((comment) => typeof comment === 'string')
  if (comments.length > 0) made.commentBefore = comments.join('\n')
  return made
}
