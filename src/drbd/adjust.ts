import { explainFailure } from './build_failure.ts'
import type { Said } from './status/generation.ts'
import type { Verdict } from './verdict.ts'
import { fine, refuse } from './verdict.ts'

/** Commands that a resource which is up takes without its data or its place being touched. */
const LIVE: ReadonlySet<string> = new Set([
  'attach',
  'connect',
  'disconnect',
  'disk-options',
  'net-options',
  'new-minor',
  'new-path',
  'new-peer',
  'peer-device-options',
  'resource-options',
  'del-path',
])

/** What drbdmeta may do on the way: bring its activity log in order before a disk is attached. */
const HARMLESS_META = /\bapply-al$/

/**
 * The commands that `drbdadm -d adjust RESOURCE` prints; none where the kernel has all as the configuration says. On a
 * resource that is up, taking a disk or a minor away, or another node-id, is refused: adjust would do it, and its man
 * page warns that it can misread what changed.
 *
 * Nor does a connection that was given up count: whether to try it again is not a matter of the configuration.
 *
 * @param isUp whether the kernel has the resource
 */
export function adjustSteps(
  resource: string,
  { exitCode, stdout, stderr }: Said,
  isUp: boolean,
): Verdict<{ readonly steps: readonly string[] }> {
  if (exitCode !== 0) {
    const { meaning, remedy, lines } = explainFailure(`${stderr}\n${stdout}`)
    return refuse(`drbdadm cannot tell what is to be adjusted of ${resource}`, {
      expected: 'the commands of a dry run: drbdadm -d adjust',
      seen: [meaning, ...lines].filter((line) => line !== null).join('\n') || `exit ${exitCode}`,
      remedy: remedy ?? `See what drbdadm -d adjust ${resource} says on the node.`,
    })
  }
  const all = stdout
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const isNew = all.some((step) => ['disconnect', 'new-peer', 'new-path'].includes(commandOf(step)))
  const steps = isUp && !isNew ? all.filter((step) => commandOf(step) !== 'connect') : all
  const bad = isUp ? steps.find((step) => !isHarmless(step)) : undefined
  if (bad === undefined) return { ...fine(), steps }
  return refuse(`${resource} is up, and this change cannot be made to it as it runs`, {
    expected: 'other options, addresses, one more volume or peer',
    seen: `adjust would run: ${bad}`,
    remedy:
      `A disk, a minor or a node-id is no option: put back what the inventory said. To replace a disk, detach it first ` +
      `(drbdadm detach ${resource}); for the rest plan a stop: drbdadm down ${resource} on all nodes, then run this again.`,
  })
}

const commandOf = (step: string): string => step.split(/\s+/)[1] ?? ''

function isHarmless(step: string): boolean {
  if (step.startsWith('drbdmeta')) return HARMLESS_META.test(step)
  return /^drbdsetup(-84)? /.test(step) && LIVE.has(commandOf(step))
}
