import { liveCib } from '../../cluster/live_cib.ts'
import { connectHost } from '../../connection/connect.ts'
import type { Seconds } from '../../connection/remote.ts'
import { crmForm } from '../../pacemaker/cib/export/crm_form.ts'
import { exportCib } from '../../pacemaker/cib/export/export_cib.ts'
import type { ExportedCib } from '../../pacemaker/cib/export/export_cib.ts'
import type { Form } from '../../pacemaker/cib/export/form.ts'
import { pcsForm } from '../../pacemaker/cib/export/pcs_form.ts'
import { yamlForm } from '../../pacemaker/cib/export/yaml_form.ts'
import { errorText } from '../../report/error_text.ts'
import { painter, printable } from '../../report/style.ts'
import { reportError } from '../../run/error_report.ts'
import { ask } from '../ask.ts'
import { chosenHosts } from '../chosen_hosts.ts'
import { interruptible } from '../interrupt.ts'

export interface ShowArguments {
  readonly inventory: string[]
  readonly limit: string
  readonly acceptNew: boolean
  readonly as: 'yaml' | 'pcs' | 'crm'
}

/** A host that takes longer is as good as away; another may answer. */
const CONNECT_LIMIT: Seconds = 10

const FORMS: Record<ShowArguments['as'], (exported: ExportedCib) => Form> = {
  yaml: yamlForm,
  pcs: pcsForm,
  crm: crmForm,
}

/**
 * `bringup cib show`: the Pacemaker configuration of a running cluster, whoever made it. What has no words in that form
 * is told on standard error, a line each; where nothing is, all of it is printed.
 *
 * @returns 0. Where no cluster runs or none has a DC that is 2, and 4 where a host that could not be reached may have one
 */
export async function showCommand(options: ShowArguments): Promise<number> {
  const { inventory, limit, acceptNew, as } = options
  const hosts = await chosenHosts(inventory, limit)
  const interrupt = interruptible()
  const { signal } = interrupt
  try {
    const connect = { acceptNew, ask, signal, timeout: CONNECT_LIMIT }
    const { host, cib, missed } = await liveCib(hosts, (one) => connectHost(one, connect), signal)
    const paint = painter(process.stderr.hasColors?.() ?? false)
    for (const error of missed) {
      process.stderr.write(`${error.details.host}  ${errorText(reportError(error), paint)}\n`)
    }
    const { text, unsaid } = shown(exportCib(cib), as, host)
    process.stdout.write(text)
    for (const line of unsaid) process.stderr.write(`not said: ${oneLine(line)}\n`)
    return 0
  } finally {
    interrupt.done()
  }
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
