import type * as z from 'zod'
import { connectHost } from '../../src/connection/connect.ts'
import { openEgress } from '../../src/connection/egress.ts'
import type { Remote } from '../../src/connection/remote.ts'
import type { Facts } from '../../src/facts/facts.ts'
import { gatherFacts } from '../../src/facts/gather.ts'
import type { Consent } from '../../src/inventory/consent.ts'
import { loadInventory } from '../../src/inventory/load.ts'
import type { ApplyContext, Operation } from '../../src/operations/operation.ts'
import { createProblems } from '../../src/problems.ts'
import { createOverwrites } from '../../src/run/overwrites.ts'
import { createAsking } from '../../src/run/asking.ts'
import { operationWork, performWork } from '../../src/run/task.ts'
import type { TaskOutcome } from '../../src/run/task.ts'
import { createShell } from '../../src/shell/create.ts'
import type { CommandRecord } from '../../src/shell/shell.ts'
import type { Lab } from '../../scripts/lab/raise.ts'

/** A lab's node, connected as a run connects to it, to perform single operations on. */
export interface LabNode {
  readonly name: string
  readonly remote: Remote
  readonly facts: Facts
  /** Every command that operations have run so far. */
  readonly commands: CommandRecord[]
  perform<Schema extends z.ZodType, S>(
    operation: Operation<Schema, S>,
    want: z.input<Schema>,
  ): Promise<TaskOutcome>
  /** The same in check mode, each as the first of a run. */
  check<Schema extends z.ZodType, S>(
    operation: Operation<Schema, S>,
    want: z.input<Schema>,
  ): Promise<TaskOutcome>
  /** Check mode in which what is planned adds up over the calls, as in a run. */
  checkRun(): LabNode['check']
  /** Standard output of a script on the node, trimmed; it must end well. */
  sh(script: string): Promise<string>
  close(): Promise<void>
}

/**
 * @param pretended facts in the place of those that were gathered
 * @param consents what may be destroyed there; looked at anew with each operation
 */
export async function labNode(
  lab: Lab,
  name: string,
  pretended: Partial<Facts> = {},
  consents: readonly Consent[] = [],
): Promise<LabNode> {
  const inventory = loadInventory([lab.inventory], { cwd: '/', problems: createProblems(), note: () => {} })
  const host = inventory.hosts.get(name)
  if (host === undefined) throw new Error(`the lab has no node ${name}`)
  const remote = await connectHost(host, { acceptNew: false, ask: async () => null })
  const egress = await openEgress(remote)
  const facts = { ...(await gatherFacts(remote)), ...pretended }
  egress.allow(facts.packageSources)
  const commands: CommandRecord[] = []

  /** @param planned what check mode has planned so far; null in a real run */
  const performer =
    (planned: Map<string, unknown> | null): LabNode['perform'] =>
    (operation, want) => {
      const check = planned !== null
      const context: ApplyContext = {
        host: name,
        facts,
        $: createShell({
          remote,
          mode: check ? 'check' : 'run',
          record: (command) => commands.push(command),
        }),
        remote,
        ask: createAsking(remote),
        signal: new AbortController().signal,
        check,
        egress,
        consents,
        planned: <S>(key: string) => planned?.get(key) as S | undefined,
        controller: { roleDirectory: lab.dir, projectDirectory: lab.dir },
      }
      const wanted = operation.params.parse(want)
      const overwrites = createOverwrites(name, consents)
      const tools = { context, commands, overwrites, planned: planned ?? new Map<string, unknown>() }
      return (async () => {
        // As a role's `inspect` does before a play.
        const seen = operation.overwrites?.(await operation.read({ ...context, check: true }, wanted), wanted)
        for (const overwrite of seen ?? []) overwrites.inspected(overwrite)
        return performWork(operationWork(operation, wanted), tools)
      })()
    }

  return {
    name,
    remote,
    facts,
    commands,
    perform: performer(null),
    check: (operation, want) => performer(new Map())(operation, want),
    checkRun: () => performer(new Map()),
    async sh(script) {
      const { code, stdout, stderr } = await remote.run(script)
      if (code !== 0) throw new Error(`${script}: status ${code}: ${stderr.toString()}`)
      return stdout.toString().trim()
    },
    async close() {
      await egress.close()
      await remote.close()
    },
  }
}
