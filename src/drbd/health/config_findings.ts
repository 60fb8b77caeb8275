import type { Finding } from '../../cluster/status/finding.ts'
import type { ConfiguredResource } from '../status/config_xml.ts'
import type { SharedResource } from './shared.ts'

/** A resource whose files differ in what its nodes have to agree on; and whether anything keeps its data together. */
export function configFindings({ name, nodes }: SharedResource): Finding[] {
  const findings: Finding[] = []
  const configured = nodes.flatMap((node) =>
    node.configured === undefined ? [] : [{ node: node.name, text: sharedText(node.configured) }],
  )
  const kinds = Map.groupBy(configured, ({ text }) => text)
  if (kinds.size > 1) {
    const groups = [...kinds.values()].map((same) => same.map(({ node }) => node).join(', '))
    findings.push({
      severity: 'wrong',
      text: `${name} is not configured alike on ${groups.join(' and ')}`,
      next: 'Bring the same file to every node: run the playbook again.',
    })
  }
  const [one] = nodes.flatMap((node) => node.configured ?? [])
  if (one !== undefined && (one.fencing ?? 'dont-care') === 'dont-care' && (one.quorum ?? 'off') === 'off') {
    findings.push({
      severity: 'notice',
      text:
        `${name} has neither fencing nor quorum: nodes that lose sight of each other can both write,\n` +
        'and the data splits in two.',
    })
  }
  return findings
}

const sharedText = ({ hosts }: ConfiguredResource): string =>
  JSON.stringify(hosts.toSorted((a, b) => a.name.localeCompare(b.name)))
