import { parseXml as parse, XmlCdata, XmlComment, XmlElement as Parsed, XmlText } from '@rgrove/parse-xml'
import { BringupError } from '../errors.ts'

/** One element of a CIB or of a tool's answer; never changed in place. */
export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly XmlNode[]
}

/** Comments are kept because people leave them in a CIB, and a patch must not take them away. */
export type XmlNode = XmlElement | { readonly comment: string } | { readonly text: string }

export function element(
  name: string,
  attributes: Readonly<Record<string, string | undefined>> = {},
  children: readonly XmlNode[] = [],
): XmlElement {
  const set = Object.entries(attributes).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return { name, attributes: Object.fromEntries(set), children }
}

export function isElement(node: XmlNode): node is XmlElement {
  return 'name' in node
}

/** The child elements, all or those of one name, in order. */
export function elements(parent: XmlElement, name?: string): XmlElement[] {
  return parent.children.filter(isElement).filter((child) => name === undefined || child.name === name)
}

export function child(parent: XmlElement | undefined, name: string): XmlElement | undefined {
  return parent?.children.filter(isElement).find((node) => node.name === name)
}

/** The element and all that it holds, in document order. */
export function* walk(root: XmlElement): Generator<XmlElement> {
  yield root
  for (const node of elements(root)) yield* walk(node)
}

export function textOf(parent: XmlElement): string {
  return parent.children
    .map((node) => ('text' in node ? node.text : isElement(node) ? textOf(node) : ''))
    .join('')
}

export function withChildren(parent: XmlElement, children: readonly XmlNode[]): XmlElement {
  return { ...parent, children }
}

/** Sets attributes; `undefined` takes one away. */
export function withAttributes(
  target: XmlElement,
  attributes: Readonly<Record<string, string | undefined>>,
): XmlElement {
  return element(target.name, { ...target.attributes, ...attributes }, target.children)
}

/** Exchanges one child for another, in its place; `undefined` takes it out. */
export function replaced(parent: XmlElement, old: XmlElement, next: XmlElement | undefined): XmlElement {
  return withChildren(
    parent,
    parent.children.flatMap((node) => (node !== old ? [node] : next === undefined ? [] : [next])),
  )
}

export function appended(parent: XmlElement, ...nodes: XmlNode[]): XmlElement {
  return nodes.length === 0 ? parent : withChildren(parent, [...parent.children, ...nodes])
}

/** @throws BringupError COMMAND_FAILED when the text is no XML, naming what gave it. */
export function parseXml(text: string, source = 'XML'): XmlElement {
  try {
    const document = parse(text, { preserveComments: true })
    if (document.root !== null) return convert(document.root)
  } catch (cause) {
    throw new BringupError('COMMAND_FAILED', `${source} gave no readable XML`, {
      seen: text.slice(0, 200),
      remedy: 'Run the command by hand on the node and see what it prints.',
      cause,
    })
  }
  throw new BringupError('COMMAND_FAILED', `${source} gave an empty document`)
}

function convert(parsed: Parsed): XmlElement {
  const children = parsed.children.flatMap((node): XmlNode[] => {
    if (node instanceof Parsed) return [convert(node)]
    if (node instanceof XmlComment) return [{ comment: node.content }]
    if (node instanceof XmlCdata) return [{ text: node.text }]
    if (node instanceof XmlText) return node.text.trim() === '' ? [] : [{ text: node.text }]
    return []
  })
  return { name: parsed.name, attributes: { ...parsed.attributes }, children }
}

/** One line per element, two spaces deeper per level, attributes in their order; ends with a newline. */
export function renderXml(root: XmlElement): string {
  return `${lines(root, '').join('\n')}\n`
}

function lines(node: XmlElement, indent: string): string[] {
  const attributes = Object.entries(node.attributes).map(([name, value]) => ` ${name}="${escaped(value)}"`)
  const open = `${indent}<${node.name}${attributes.join('')}`
  if (node.children.length === 0) return [`${open}/>`]
  if (node.children.some((inner) => 'text' in inner)) {
    return [`${open}>${node.children.map(inline).join('')}</${node.name}>`]
  }
  const inside = node.children.flatMap((inner) =>
    isElement(inner) ? lines(inner, `${indent}  `) : [`${indent}  ${inline(inner)}`],
  )
  return [`${open}>`, ...inside, `${indent}</${node.name}>`]
}

function inline(node: XmlNode): string {
  if (isElement(node)) return lines(node, '').join('')
  return 'comment' in node ? `<!--${node.comment}-->` : escaped(node.text)
}

/** Line breaks and tabs in an attribute would come back as spaces unless written as references (XML 1.0, 3.3.3). */
function escaped(value: string): string {
  return value.replace(/[&<>"\n\r\t]/g, (character) => {
    const names: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
    return names[character] ?? `&#${character.charCodeAt(0)};`
  })
}
