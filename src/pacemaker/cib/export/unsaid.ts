import { isElement } from '../../xml.ts'
import type { XmlElement } from '../../xml.ts'
import { isSecretValue, shown } from '../difference.ts'

/** Takes down what a form has no words for: one line, without secrets. */
export type Unsaid = (line: string) => void

/** `name="value"`, without the value where it is a secret. */
export function pairText(name: string, value: string): string {
  return `${name}=${isSecretValue(name, value) ? shown('password', value) : value === '' ? '""' : value}`
}

/** `alert mail`, for an element of which no more is known. */
export function elementText({ name, attributes }: XmlElement): string {
  const id = attributes.id ?? attributes['id-ref'] ?? attributes.target
  return id === undefined ? name : `${name} ${id}`
}

/** What of an element is neither read nor without meaning: its other attributes and children, and comments. */
export function unknownIn(
  node: XmlElement,
  attributes: readonly string[],
  children: readonly string[] = [],
): string[] {
  return [
    ...Object.entries(node.attributes)
      .filter(([name]) => name !== 'id' && !attributes.includes(name))
      .map(([name, value]) => pairText(name, value)),
    ...node.children.flatMap((inner) => {
      if (!isElement(inner)) return 'comment' in inner ? ['a comment'] : ['text']
      return children.includes(inner.name) ? [] : [elementText(inner)]
    }),
  ]
}
