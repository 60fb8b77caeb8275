import type * as z from 'zod'
import type { Facts } from '../facts/facts.ts'
import { operations } from '../operations/all.ts'
import type { Operation, ReadContext } from '../operations/operation.ts'
import { createShell } from '../shell/create.ts'
import type { CommandRecord, Tag } from '../shell/shell.ts'
import { createAsking, recordedAsking } from './asking.ts'
import { recordingScripts, recordTo } from './command_log.ts'
import { until } from './host_session.ts'
import type { HostSession } from './host_session.ts'
import { createInFlight } from './in_flight.ts'
import { checkOperation, misused, parseWanted } from './misuse.ts'
import { readFile } from './read_file.ts'
import type { HostOverwrite } from './refused_overwrites.ts'
import type { Run } from './run.ts'

/** The ready-made operations that write to devices. */
type Overwriting = 'drbd_metadata' | 'mkfs'

/** One host before the first change of a play: it can only be looked at. */
export type InspectedNode<V = Readonly<Record<string, unknown>>> = {
  /** Looks at the device that the operation of the same name would write to, as `run` will call it. */
  readonly [Name in Overwriting]: (want: z.input<(typeof operations)[Name]['params']>) => Promise<void>
} & {
  readonly name: string
  readonly groups: readonly string[]
  readonly address: string
  readonly vars: V
  readonly facts: Facts
  readonly $: { readonly read: Tag }
  /** A file's text, or null where there is none. */
  readText(path: string): Promise<string | null>
  /** As the methods for ready-made operations, for one of the role's own. */
  look<Schema extends z.ZodType, S>(operation: Operation<Schema, S>, want: z.input<Schema>): Promise<void>
}

/** What a role brings to the hosts that it looks at. */
export interface Inspecting {
  readonly run: Run
  readonly role: string
  readonly roleDirectory: string
  found(overwrite: HostOverwrite): void
}

export function createInspectedNode<V>(
  session: HostSession,
  vars: V,
  { run, role, roleDirectory, found }: Inspecting,
): InspectedNode<V> {
  const { host } = session
  const remote = until(run.signal, session.remote, createInFlight())
  const record = recordTo(run.redactor, (command: CommandRecord) =>
    run.emit({ type: 'look', role, host: host.name, command }),
  )
  const { read } = createShell({ remote, mode: 'check', record, redact: (text) => run.redactor.redact(text) })
  const context: ReadContext = {
    host: host.name,
    facts: session.facts,
    $: { read },
    ask: recordedAsking(createAsking(remote), record),
    remote: recordingScripts(remote, record),
    signal: run.signal,
    check: true,
    egress: session.egress,
    consents: host.consents,
    planned: () => undefined,
    controller: { roleDirectory, projectDirectory: run.projectDirectory },
  }

  async function look<Schema extends z.ZodType, S>(
    operation: Operation<Schema, S>,
    input: z.input<Schema>,
  ): Promise<void> {
    const wanted = checkOperation(operation) ?? parseWanted(operation, input)
    if ('wrong' in wanted) throw wanted.wrong
    const { overwrites } = operation
    if (overwrites === undefined)
      throw misused(`${operation.name} writes to no device that could be inspected`)
    const now = await operation.read(context, wanted.value)
    if (operation.plan(now, wanted.value).length === 0) return
    for (const overwrite of overwrites(now, wanted.value)) {
      session.overwrites.inspected(overwrite)
      found({ host: host.name, overwrite })
    }
  }

  const { drbd_metadata, mkfs } = operations
  return {
    name: host.name,
    groups: host.groups,
    address: host.connection.address,
    vars,
    facts: session.facts,
    $: { read },
    readText: async (path) => (await readFile(session, path, run.signal))?.toString('utf8') ?? null,
    look,
    drbd_metadata: (want) => look(drbd_metadata, want),
    mkfs: (want) => look(mkfs, want),
  }
}
