import type { DrbdResource } from '../drbd/resource_schema.ts'
import { resourceStateOf, resourceStates } from '../drbd/status/kernel_state.ts'
import { unsynced } from '../drbd/unsynced.ts'
import type { Tag } from '../shell/shell.ts'
import { drbdAnswers } from './drbd_answers.ts'

/**
 * What is not in sync on this node's DRBD, in words; empty where all is, or where there is no DRBD.
 * @param wanted the resources that have to be up there, which are looked at alone; all that are up when left out
 */
export async function notInSync(read: Tag, wanted?: readonly DrbdResource[]): Promise<string[]> {
  const answers = await drbdAnswers(read)
  if (wanted === undefined) return unsynced(resourceStates(answers))
  return wanted.flatMap((resource) => {
    const state = resourceStateOf(answers, resource)
    return state === undefined ? [`${resource.name}: down`] : unsynced([state])
  })
}

/** Names of resources that this node has as Primary. */
export async function primaryHere(read: Tag): Promise<string[]> {
  const resources = resourceStates(await drbdAnswers(read))
  return resources.filter(({ role }) => role === 'Primary').map(({ name }) => name)
}
