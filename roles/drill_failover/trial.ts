import { BringupError } from 'bringup'
import type { Node } from 'bringup'

type Place = Pick<Node, 'name' | '$'>

/** What is written to while nodes fail: a folder on the file system, or in what runs on it. */
export interface Trial {
  /** For people: `file system`. */
  readonly what: string
  /** Runs a shell there that reads its script from standard input; fails where what moves is not. */
  readonly shell: readonly string[]
  /** Made for the drill, and removed after it. */
  readonly folder: string
}

/** Names and records that stand in a script as they are. */
const PLAIN = /^[\w./-]+$/

const plain = (text: string): string => {
  if (PLAIN.test(text)) return text
  throw new BringupError('VAR_INVALID', `a path that can be drilled has letters, digits and ._/- only`, {
    seen: text,
    remedy: 'Mount the file system at such a path.',
  })
}

export const recordsOf = ({ folder }: Trial): string => `${folder}/records`

/** An empty folder, with an empty file of records. */
export async function prepare(node: Place, trial: Trial): Promise<void> {
  const folder = plain(trial.folder)
  const records = plain(recordsOf(trial))
  const script = `rm -rf ${folder} && mkdir -m 0700 ${folder} && : >${records} && sync ${records} ${folder} ${folder}/..`
  await node.$({ input: script })`${trial.shell}`
}

/** On any node, at any time: it fails silently where what is drilled is not. */
export async function clear(node: Place, trial: Trial): Promise<void> {
  await node.$.read({ nothrow: true, timeout: 60, input: `rm -rf ${plain(trial.folder)}` })`${trial.shell}`
}

/** Appends a record, and has it fsynced. The folder is there alone where what moves is, so that nothing is left elsewhere. */
export async function append(node: Place, trial: Trial, record: string, timeout: number): Promise<boolean> {
  const file = recordsOf(trial)
  const input = `[ -e ${file} ] && echo ${plain(record)} >>${file} && sync ${file}`
  const { exitCode } = await node.$.read({ nothrow: true, timeout, input })`${trial.shell}`
  return exitCode === 0
}

/** A file of random bytes, fsynced with the folder that names it. @returns its checksum */
export async function writeFile(node: Place, trial: Trial, name: string): Promise<string> {
  const path = plain(`${trial.folder}/${name}`)
  const input = `head -c 262144 /dev/urandom >${path} && sync ${path} ${trial.folder} && sha256sum <${path}`
  return (await node.$({ input })`${trial.shell}`).stdout.trim()
}

/** @throws BringupError TASK_FAILED where the file has another checksum */
export async function intact(
  node: Place,
  trial: Trial,
  { name, sum, after }: { name: string; sum: string; after: string },
): Promise<void> {
  const input = `sha256sum <${plain(`${trial.folder}/${name}`)}`
  const { stdout, stderr } = await node.$.read({ nothrow: true, input })`${trial.shell}`
  if (stdout.trim() === sum) return
  throw new BringupError('TASK_FAILED', `a file written before the ${after} is not intact on ${node.name}`, {
    expected: sum,
    seen: stdout.trim() || stderr.trim(),
    remedy: DISTRUST,
  })
}

export async function readRecords(node: Place, trial: Trial): Promise<string> {
  return (await node.$.read({ input: `cat ${recordsOf(trial)}` })`${trial.shell}`).stdout
}

export const DISTRUST =
  "Do not trust this cluster with data. See DRBD's protocol (C), and the kernel logs of both nodes."
