import { BringupError } from 'bringup'
import type { Node } from 'bringup'
import { atRisk } from '../../src/drbd/at_risk.ts'
import { drbdAnswers } from '../../src/operations/drbd_answers.ts'
import { resourceStates } from '../../src/drbd/status/kernel_state.ts'
import { inService } from '../base_update/in_service.ts'
import { outdated } from './decide.ts'
import { lookAt } from './look.ts'
import type { DrbdModuleVars } from './vars.ts'

/**
 * Takes DRBD down where its module has to be replaced, on a node that serves nothing and whose data others have.
 * @param names of the modules
 */
export async function takeDown(node: Node<DrbdModuleVars>, names: readonly string[]): Promise<void> {
  await node.task('DRBD down, for another module', {
    met: async (context) => {
      const now = await lookAt(context, context.facts.kernel.release, names)
      return now.devices.length === 0 || outdated(now).length === 0 || `take down ${now.devices.join(', ')}`
    },
    apply: async (context) => {
      const { read } = context.$
      const busy = await inService(read, node.name)
      const risks = busy === null ? atRisk(resourceStates(await drbdAnswers(read))) : [busy]
      if (risks.length > 0)
        throw new BringupError('REFUSED', 'DRBD is not taken down', {
          expected: 'a node in standby, and another one with all data',
          seen: risks.join('\n'),
          remedy: 'The modules are in place for the next boot. Bring that into order, and run again.',
        })
      await context.$`drbdadm down all </dev/null`
    },
  })
}
