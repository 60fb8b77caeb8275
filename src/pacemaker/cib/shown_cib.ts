import { element, elements, isElement, renderXml, withAttributes } from '../xml.ts'
import type { XmlElement } from '../xml.ts'
import { Secret } from '../../secret.ts'
import { isSecretName } from './difference.ts'
import type { Cib } from './schema.ts'

const MASK = String(new Secret(''))

/**
 * A CIB's configuration as text for a diff: without status and version, and without the values of secrets, whether
 * their name says so or they were declared as secrets.
 */
export function shownConfiguration(cib: XmlElement, wanted: Cib): string {
  const secrets = declaredSecrets(wanted)
  const configuration = elements(cib, 'configuration')[0] ?? element('configuration')
  return renderXml(masked(configuration, secrets))
}

function masked(node: XmlElement, secrets: ReadonlySet<string>): XmlElement {
  const { name, value } = node.attributes
  const hidden =
    node.name === 'nvpair' && value !== undefined && (isSecretName(name ?? '') || secrets.has(value))
  const own = hidden ? withAttributes(node, { value: MASK }) : node
  const children = own.children.map((inner) => (isElement(inner) ? masked(inner, secrets) : inner))
  return { ...own, children }
}

function declaredSecrets(wanted: Cib): Set<string> {
  const sets = [
    wanted.properties,
    wanted.resource_defaults,
    wanted.operation_defaults,
    ...wanted.resources.flatMap(({ options, meta, operations }) => [
      options,
      meta,
      ...operations.map((one) => one.options),
    ]),
  ]
  const found = sets.flatMap((set) => Object.values(set)).filter((value) => value instanceof Secret)
  return new Set(found.map((secret) => secret.reveal()))
}
