import { child, elements, walk } from '../../pacemaker/xml.ts'
import type { XmlElement } from '../../pacemaker/xml.ts'

/** How often something failed, as the cluster counts it. */
export interface FailCount {
  readonly node: string
  /** Without the number of a clone's instance. */
  readonly resource: string
  /** `start`, `monitor`; undefined where Pacemaker 1.1 before 1.1.18 counts for all together. */
  readonly operation: string | undefined
  /** A number, or `INFINITY`: it is not tried there any more. */
  readonly count: string
  /** When it failed last, where that is known. */
  readonly last: Date | undefined
}

/**
 * Failures that the cluster counts. They are attributes of a node's state, named `fail-count-vip#start_0` from Pacemaker
 * 1.1.18 on, and `fail-count-vip` before.
 */
export function allFailCounts(cib: XmlElement): FailCount[] {
  const states = child(cib, 'status')
  if (states === undefined) return []
  return elements(states, 'node_state').flatMap((state) => {
    const pairs = [...walk(state)].filter(({ name }) => name === 'nvpair')
    return pairs.flatMap(({ attributes: { name = '', value = '' } }) => {
      const found = /^fail-count-(.+?)(?:#(\w+)_\d+)?$/.exec(name)
      if (found === null || value === '0') return []
      const when = pairs.find(
        ({ attributes }) => attributes.name === name.replace('fail-count-', 'last-failure-'),
      )?.attributes.value
      const seconds = Number(when ?? Number.NaN)
      return [
        {
          node: state.attributes.uname ?? '',
          resource: (found[1] ?? '').replace(/:\d+$/, ''),
          operation: found[2],
          count: value,
          last: Number.isFinite(seconds) && seconds > 0 ? new Date(seconds * 1000) : undefined,
        },
      ]
    })
  })
}

/** `vip (start): INFINITY` */
export const failCountText = ({ resource, operation, count }: FailCount): string =>
  `${resource}${operation === undefined ? '' : ` (${operation})`}: ${count}`

/** What the cluster counts against a node, as {@link failCountText}. */
export function failCounts(cib: XmlElement, node: string): string[] {
  return allFailCounts(cib)
    .filter((one) => one.node === node)
    .map(failCountText)
}
