/**
 * What an operator should know. `alarm`: data may be in danger now, or nothing works. `wrong`: something does not work
 * as it should. `notice`: it works, and somebody should look at it some time.
 */
export interface Finding {
  readonly severity: 'alarm' | 'wrong' | 'notice'
  /** One sentence, or a line and more below it. */
  readonly text: string
  /** What to do next: a command with its host, or a sentence. */
  readonly next?: string
}

const ORDER: readonly Finding['severity'][] = ['alarm', 'wrong', 'notice']

/** The gravest first; otherwise in order, each once. */
export function ordered(findings: readonly Finding[]): Finding[] {
  const once = new Map(findings.map((finding) => [finding.text, finding]))
  return [...once.values()].toSorted((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity))
}
