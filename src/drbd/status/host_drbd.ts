import type { Sections } from '../../facts/sections.ts'
import { parseConfigXml } from './config_xml.ts'
import type { ConfiguredResource } from './config_xml.ts'
import { parseDrbdsetupStatus } from './drbdsetup_json.ts'
import { parseEvents2 } from './events2.ts'
import type { Generation } from './generation.ts'
import { parseGi } from './generation_tuple.ts'
import type { ResourceState } from './node_report.ts'
import { parseProcDrbd } from './proc_drbd.ts'

/** All that one host says of DRBD. */
export interface HostDrbd {
  /** Of the module that runs; undefined where none is loaded. */
  readonly module: string | undefined
  /** Of the module that the next load takes; undefined where there is none, or nobody knows. */
  readonly installed: string | undefined
  /** Whether the module that runs is another build than the one on disk. */
  readonly isReplaced: boolean
  /** As the kernel has them; undefined where it could not be asked. */
  readonly resources: readonly ResourceState[] | undefined
  /** Undefined where drbdadm refuses the files. */
  readonly config: readonly ConfiguredResource[] | undefined
  /** Why. */
  readonly configProblem: string | undefined
  /** Of what is not connected, by `RESOURCE/VOLUME`. */
  readonly generations: ReadonlyMap<string, Generation>
}

/**
 * Pure: reads the sections of `DRBD_SCRIPT`.
 * @returns undefined where there is no DRBD: no module that runs, and no resource in a file
 */
export function parseHostDrbd({ text }: Sections): HostDrbd | undefined {
  const proc = parseProcDrbd(text('drbd_proc'))
  const isConfigured = text('drbd_conf_exit') === '0'
  const config = isConfigured ? readable(() => parseConfigXml(text('drbd_conf'))) : undefined
  const problem = text('drbd_conf_error')
  const hasFiles = text('drbd_conf_exit') !== '' && !/no resources defined|Can not open/.test(problem)
  if (proc === undefined && (!hasFiles || config?.length === 0)) return undefined
  const loaded = keysOf(text('drbd_loaded'))
  const installed = keysOf(text('drbd_installed'))
  return {
    module: proc?.version,
    installed: installed.get('version'),
    isReplaced: differ(loaded, installed, 'srcversion') || differ(loaded, installed, 'version'),
    resources: proc === undefined ? [] : statesOf(text('drbd_state'), proc),
    config: hasFiles ? config : [],
    configProblem: config !== undefined || !hasFiles ? undefined : problem || 'drbdadm says nothing',
    generations: generationsOf(text('drbd_generations')),
  }
}

function statesOf(
  text: string,
  proc: NonNullable<ReturnType<typeof parseProcDrbd>>,
): readonly ResourceState[] | undefined {
  if (proc.version.startsWith('8.')) return parseEvents2(text, proc)
  return readable(() => parseDrbdsetupStatus(text))
}

const keysOf = (text: string): ReadonlyMap<string, string> =>
  new Map([...text.matchAll(/^(\w+) (\S+)$/gm)].map(([, key = '', value = '']) => [key, value]))

/** What only one of them says is no difference. */
function differ(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>, key: string): boolean {
  const [a, b] = [one.get(key), other.get(key)]
  return a !== undefined && b !== undefined && a !== b
}

/** Blocks of `volume RESOURCE/VOLUME` and what get-gi said of it. */
function generationsOf(text: string): ReadonlyMap<string, Generation> {
  const found = new Map<string, Generation>()
  for (const block of text.split(/^volume /m).slice(1)) {
    const [name = '', ...rest] = block.split('\n')
    const metadata = parseGi({ exitCode: 0, stdout: rest.join('\n'), stderr: '' })
    if (metadata.kind === 'data') found.set(name, metadata.generation)
  }
  return found
}

function readable<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
