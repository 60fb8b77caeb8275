import * as z from 'zod'
import { explainFailure } from '../drbd/build_failure.ts'
import { configFiles, GLOBAL_COMMON } from '../drbd/config_files.ts'
import { foreignClashes, setsCommon } from '../drbd/foreign_config.ts'
import type { ForeignFile } from '../drbd/foreign_config.ts'
import { resourcesSchema } from '../drbd/resource_schema.ts'
import type { DrbdResource } from '../drbd/resource_schema.ts'
import { BringupError } from '../errors.ts'
import { contentOf, textOf } from './content.ts'
import { STAGE, stagedArguments } from './drbd_staged.ts'
import { runScript } from './host_script.ts'
import { operation } from './operation.ts'
import type { Change, ReadContext } from './operation.ts'
import { readPath } from './path_state.ts'
import type { PathState } from './path_state.ts'
import { applyFile, fileAfter, planFile } from './whole_file.ts'
import type { WholeFile } from './whole_file.ts'

const params = z.strictObject({ resources: resourcesSchema })

export interface DrbdConfigState {
  /** Our files, in the order of {@link configFiles}. */
  readonly files: readonly PathState[]
  readonly foreign: readonly ForeignFile[]
  /** What drbdadm says of the wanted files together with the foreign ones; null while it is not there. */
  readonly verdict: { readonly good: boolean; readonly said: string } | null
}

const SCRIPT = `${STAGE}
printf 'verdict\\0'
command -v drbdadm >/dev/null || { printf absent; exit 0; }
said=$(drbdadm -c "$folder/drbd.conf" sh-nop 2>&1 </dev/null)
printf '%s\\0%s' $? "$said" | sed "s,$folder/,/etc/drbd.d/,g"`

/**
 * DRBD's configuration on one node: `global_common.conf` and one file per resource, which drbdadm has parsed before they
 * replace anything. Other files in /etc/drbd.d are left alone; one that claims what a resource claims is an error.
 */
export const drbdConfig = operation('drbd_config', {
  params,
  subject: ({ resources }) => resources.map(({ name }) => name).join(', '),
  key: () => 'drbd_config',

  async read(context, { resources }): Promise<DrbdConfigState> {
    const [files, { foreign, verdict }] = await Promise.all([
      Promise.all(configFiles(resources).map(({ path }) => readPath(context, path))),
      parsed(context, resources),
    ])
    return { files, foreign, verdict }
  },

  plan(now, { resources }): Change[] {
    const bad = objection(now, resources)
    if (bad !== undefined) throw bad
    return wanted(resources).flatMap((file, at) =>
      planFile(now.files[at]!, file).map((change) => ({
        ...change,
        summary: `${file.path}: ${change.summary}`,
      })),
    )
  },

  async apply(context, _changes, { resources }, now) {
    if (now.verdict === null) throw noTools()
    for (const [at, file] of wanted(resources).entries()) {
      if (planFile(now.files[at]!, file).length > 0) await applyFile(context, now.files[at]!, file)
    }
  },

  after: (now, { resources }): DrbdConfigState => ({
    ...now,
    files: wanted(resources).map((file, at) => fileAfter(now.files[at]!, file)),
  }),
})

const wanted = (resources: readonly DrbdResource[]): WholeFile[] =>
  configFiles(resources).map(({ path, content }) => ({
    path,
    content: contentOf(content),
    mode: '0644',
    owner: 'root',
    group: 'root',
    backup: true,
  }))

async function parsed(
  context: ReadContext,
  resources: readonly DrbdResource[],
): Promise<Pick<DrbdConfigState, 'foreign' | 'verdict'>> {
  const { code, stdout, stderr } = await runScript(context, SCRIPT, stagedArguments(resources))
  const parts = stdout.toString('utf8').split('\0')
  const end = parts.indexOf('verdict')
  if (code !== 0 || end === -1)
    throw new BringupError('COMMAND_FAILED', 'cannot look at the configuration of DRBD', {
      seen: stderr.toString().trim() || `exit status ${code}`,
    })
  const foreign: ForeignFile[] = []
  for (let at = 0; at < end; at += 2) foreign.push({ path: parts[at]!, content: parts[at + 1]! })
  const [status = '', said = ''] = parts.slice(end + 1)
  if (status === 'absent') return { foreign, verdict: null }
  // Older ones complain of what is used twice and exit with 0 all the same.
  const good = status === '0' && !/conflicting use|is also used/.test(said)
  return { foreign, verdict: { good, said: said.trim() } }
}

function objection(
  { foreign, verdict, files }: DrbdConfigState,
  resources: readonly DrbdResource[],
): BringupError | undefined {
  const others = foreign.map(({ path }) => path).join(', ')
  const clashes = foreignClashes(resources, foreign)
  if (clashes.length > 0)
    return new BringupError('REFUSED', 'a resource of another file has the same disk', {
      seen: clashes.join('; '),
      remedy: 'Remove that file when its resource is no more, or name other disks.',
    })
  const common = files[0]?.kind === 'file' && files[0].content !== null ? textOf(files[0].content) : null
  if (foreign.length > 0 && common !== null && setsCommon(common))
    return new BringupError(
      'REFUSED',
      `${GLOBAL_COMMON} has settings that resources of other files live by`,
      {
        seen: others,
        remedy: 'Move these settings from `common` into those files; then run this again.',
      },
    )
  if (verdict === null || verdict.good) return undefined
  const { meaning, remedy, lines } = explainFailure(verdict.said)
  return new BringupError(
    'VALIDATION_FAILED',
    'drbdadm does not take the configuration; nothing was replaced',
    {
      seen: [...(meaning === null ? [] : [meaning]), ...lines].join('\n'),
      remedy:
        foreign.length > 0
          ? `Bring the resources in line with the other files (${others}), or remove what is not needed any more.`
          : (remedy ?? 'Correct the resource in the inventory.'),
    },
  )
}

const noTools = (): BringupError =>
  new BringupError('REFUSED', 'there is no drbdadm, so the configuration cannot be checked', {
    remedy: 'Have drbd-utils installed first: the role drbd_utils does.',
  })
