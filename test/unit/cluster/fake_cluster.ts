import type { ApplyContext } from '../../../src/operations/operation.ts'
import type { CommandOptions, CommandResult } from '../../../src/connection/remote.ts'
import { Secret } from '../../../src/secret.ts'
import { emptyCib } from '../../../src/pacemaker/cib/empty.ts'
import { allResources } from '../../../src/pacemaker/cib/resource_tree.ts'
import { child, element, parseXml, renderXml, withAttributes } from '../../../src/pacemaker/xml.ts'
import type { XmlElement } from '../../../src/pacemaker/xml.ts'

/** What becomes of one patch; `applied` unless a test says otherwise. */
export type Fate = 'applied' | 'moved on' | 'ignored' | 'invalid' | 'unknown'

/**
 * A cluster of one as far as the cib operation can see it: the tools' exit statuses and the versions of its CIB behave
 * as those of real ones did (see patch.ts); resources run as soon as they are in the CIB, but for `stopped`.
 */
export class FakeCluster {
  live: XmlElement = withAttributes(emptyCib(), { 'dc-uuid': '1', 'validate-with': 'pacemaker-3.9' })
  /** One per patch to come. */
  fates: Fate[] = []
  /** What somebody else does to the CIB when a patch finds that it has moved on. */
  meanwhile: (cib: XmlElement) => XmlElement = (cib) => cib
  running = true
  stopped: string[] = []
  /** What is found in the next looks at the cluster, one after the other: what it does just then; then it is idle. */
  doing: ('nothing yet' | 'Monitoring')[] = []
  failures = ''
  readonly scripts: string[] = []
  readonly fed: (string | Secret)[] = []
  patches = 0

  context(check = false): ApplyContext {
    const signal = new AbortController().signal
    return {
      host: 'server1',
      check,
      signal,
      planned: () => undefined,
      remote: { run: this.run },
    } as unknown as ApplyContext
  }

  readonly run = async (script: string, options: CommandOptions = {}): Promise<CommandResult> => {
    this.scripts.push(script)
    if (!this.running)
      return result(102, '', 'Could not connect to the CIB: Transport endpoint is not connected')
    if (options.stdin !== undefined) this.fed.push(options.stdin as string | Secret)
    if (script.includes('cibadmin --patch')) return this.#patch()
    if (script.includes('cibadmin --query'))
      return result(0, `${renderXml(this.live)}\n<<<\n${this.#monitor(this.doing[0])}`)
    if (script.includes('crm_resource --wait')) {
      const now = this.doing.shift()
      return result(0, `idle ${now === undefined ? 0 : 124}\n${this.#monitor(now)}`)
    }
    if (script.includes('--show-metadata')) {
      return script.includes('Nope') ? result(105, '', 'No such object') : result(0, METADATA)
    }
    if (script.includes('crm_simulate')) {
      return result(0, 'Transition Summary:\n  * Start  vip  ( server1 )\n\nExecuting Cluster Transition:\n')
    }
    throw new Error(`nobody said what this does: ${script}`)
  }

  #patch(): CommandResult {
    this.patches++
    const fate = this.fates.shift() ?? 'applied'
    if (fate === 'ignored') return result(0)
    if (fate === 'unknown') return result(102, '', 'Transport endpoint is not connected')
    if (fate === 'invalid') return result(90, '', 'error: Resource start-up disabled')
    if (fate === 'moved on') {
      this.live = raised(this.meanwhile(this.live))
      return result(103, '', 'Call cib_apply_diff failed: Update was older than existing configuration')
    }
    const input = this.fed.at(-1)
    if (!(input instanceof Secret)) throw new Error('the CIB is sent in the clear')
    const [from, to] = input
      .reveal()
      .split(/\n<<<(?:end)?\n/)
      .slice(0, 2)
      .map((text) => parseXml(text))
    if (renderXml(from!) !== renderXml(this.live)) throw new Error('the patch starts from another CIB')
    this.live = raised(to!)
    return result(0)
  }

  #monitor(now?: string): string {
    const pending = now === 'Monitoring' ? `pending="${now}"` : ''
    const section = child(child(this.live, 'configuration'), 'resources') ?? element('resources')
    const shown = allResources(section)
      .filter((node) => node.name === 'primitive')
      .map(({ attributes: { id = '' } }) =>
        this.stopped.includes(id)
          ? `<resource id="${id}" role="Stopped" active="false" managed="true"/>`
          : `<resource id="${id}" role="Started" active="true" managed="true" ${pending}><node name="server1"/></resource>`,
      )
    return `<pacemaker-result><summary><current_dc present="true" with_quorum="true" name="server1"/></summary>
      <resources>${shown.join('')}</resources><failures>${this.failures}</failures></pacemaker-result>`
  }
}

const METADATA =
  '<resource-agent><actions><action name="start" timeout="40s"/><action name="monitor" interval="10s" timeout="20s"/></actions></resource-agent>'

function raised(cib: XmlElement): XmlElement {
  return withAttributes(cib, { epoch: String(Number(cib.attributes.epoch) + 1) })
}

function result(code: number, stdout = '', stderr = ''): CommandResult {
  return { code, stdout: Buffer.from(stdout), stderr: Buffer.from(stderr) }
}
