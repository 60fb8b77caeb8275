import type { PlannedPlay, RunPlan } from '../playbook/playbook.ts'
import type { Redactor } from '../secret.ts'
import type { PlayOutline } from './events.ts'
import { filesDigest } from './files_digest.ts'
import { varsDigest } from './vars_digest.ts'

/** The plays of a run as its journal tells them: enough for a later run to see whether it would do the same. */
export function outlineOf(plan: RunPlan, redactor: Redactor): PlayOutline[] {
  const digests = new Map<string, string>()
  const ofFiles = (directory: string): string => {
    const digest = digests.get(directory) ?? filesDigest(directory)
    digests.set(directory, digest)
    return digest
  }
  return plan.plays.map((play) => ({
    name: play.name,
    hosts: play.batches.flat().map((host) => host.name),
    roles: play.roles.map((role) => role.name),
    batches: play.batches.map((batch) => batch.map((host) => host.name)),
    varsDigests: varsDigests(play, redactor),
    filesDigests: play.roles.map((role) => ofFiles(role.directory)),
  }))
}

const varsDigests = ({ batches, roles }: PlannedPlay, redactor: Redactor): string[][] =>
  batches.map((batch) =>
    roles.map(({ vars }) =>
      varsDigest(
        batch.map((host) => vars.get(host.name)),
        redactor,
      ),
    ),
  )
