import { runScript } from '../operations/host_script.ts'
import { parseSimulation } from '../pacemaker/crm_simulate.ts'
import type { PlannedAction } from '../pacemaker/crm_simulate.ts'
import { renderXml } from '../pacemaker/xml.ts'
import type { XmlElement } from '../pacemaker/xml.ts'
import type { Remote } from '../connection/remote.ts'
import { Secret } from '../secret.ts'

/**
 * What Pacemaker would do if its CIB were this one.
 * @returns what crm_simulate says is wrong, where it does not take the CIB
 */
export async function simulate(
  context: { readonly remote: Pick<Remote, 'run'> },
  cib: XmlElement,
): Promise<{ readonly actions: readonly PlannedAction[] } | { readonly wrong: string }> {
  // The CIB may hold fencing passwords; as a secret it shows nowhere.
  const stdin = new Secret(renderXml(cib), 'a CIB')
  const { code, stdout, stderr } = await runScript(context, 'crm_simulate --simulate --xml-pipe', [], {
    stdin,
  })
  if (code !== 0) return { wrong: `crm_simulate: ${stderr.toString().trim()}` }
  return { actions: parseSimulation(stdout.toString()) }
}
