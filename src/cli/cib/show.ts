import { readState } from '../../cluster/day_two/state.ts'
import { crmForm } from '../../pacemaker/cib/export/crm_form.ts'
import { exportCib } from '../../pacemaker/cib/export/export_cib.ts'
import type { ExportedCib } from '../../pacemaker/cib/export/export_cib.ts'
import type { Form } from '../../pacemaker/cib/export/form.ts'
import { pcsForm } from '../../pacemaker/cib/export/pcs_form.ts'
import { yamlForm } from '../../pacemaker/cib/export/yaml_form.ts'
import { errorText } from '../../report/error_text.ts'
import { painter, printable } from '../../report/style.ts'
import { reportError } from '../../run/error_report.ts'
import { onCluster } from '../cluster/on_cluster.ts'
import type { ClusterArguments } from '../cluster/on_cluster.ts'

export type ShowArguments = ClusterArguments & { readonly as: 'yaml' | 'pcs' | 'crm' }

const FORMS: Record<ShowArguments['as'], (exported: ExportedCib) => Form> = {
  yaml: yamlForm,
  pcs: pcsForm,
  crm: crmForm,
}

/**
 * `bringup cib show`: the Pacemaker configuration of a running cluster, whoever made it. What has no words in that form
 * is told on standard error, a line each; where nothing is, all of it is printed.
 *
 * @returns 0. Where no cluster runs or none has a DC the exit code is 2, and 4 where a host that could not be reached may run it
 */
export async function showCommand(options: ShowArguments): Promise<number> {
  return onCluster(options, async ({ via, missed }, signal) => {
    const paint = painter(process.stderr.hasColors?.() ?? false)
    for (const [name, error] of missed)
      process.stderr.write(`${name}  ${errorText(reportError(error), paint)}\n`)
    const { cib } = await readState(via.remote, signal)
    const { text, unsaid } = shown(exportCib(cib), options.as, via.host.name)
    process.stdout.write(text)
    for (const line of unsaid) process.stderr.write(`not said: ${oneLine(line)}\n`)
    return 0
  })
}

/** Whatever stands in a CIB: in a comment of a script, a second line would be a command. */
const oneLine = (text: string): string => printable(text).replaceAll('\n', '\\n')

/** The form with its heading, and all that it does not say. */
export function shown(exported: ExportedCib, as: ShowArguments['as'], host: string): Form {
  const { text, unsaid } = FORMS[as](exported)
  const cluster = exported.name === undefined ? 'The cluster' : `The cluster ${oneLine(exported.name)}`
  const heading = `# ${cluster}, as ${host} knows it.\n`
  const passwords = exported.secrets.map(({ variable, of }) => `${of}, for which ${variable} stands`)
  return { text: heading + text, unsaid: [...exported.unsaid, ...unsaid, ...passwords] }
}
