/** What a fresh create-md writes as current UUID (UUID_JUST_CREATED in DRBD's sources); any other is data. */
export const JUST_CREATED = '0000000000000004'

/** Generation identifiers: 16 upper-case hexadecimal digits each; those that are 0 are left out. */
export interface Generation {
  readonly current: string
  /** What peers lack is counted since these. */
  readonly bitmap: readonly string[]
  readonly history: readonly string[]
  /** The metadata say that the node is primary, or was when it went down without a word; told of disks with data only. */
  readonly wasPrimary?: true
}

export type Metadata =
  | { readonly kind: 'none' }
  /** The ids of a resource that never held data. `nodeId` is undefined until its first `up`, and in 8.4. */
  | {
      readonly kind: 'just-created'
      readonly nodeId: number | undefined
      readonly format: string | undefined
    }
  | {
      readonly kind: 'data'
      readonly generation: Generation
      readonly nodeId: number | undefined
      readonly format: string | undefined
    }
  /** blkid saw them, in this format; drbdmeta is not there to read them. */
  | { readonly kind: 'unread'; readonly format: string | undefined }
  /** It could not be read, or not understood: never to be taken for `none`. */
  | { readonly kind: 'unknown'; readonly said: string }

const unknown = (said: string): Metadata => ({ kind: 'unknown', said: said.trim() || 'it said nothing' })

/** Sorts ids into {@link Metadata}; anything but exactly the fresh state, with nothing before it, is data. */
export function metadataOf(
  generation: Generation,
  nodeId: number | undefined,
  format: string | undefined,
): Metadata {
  const odd = [generation.current, ...generation.bitmap, ...generation.history].find(
    (id) => !/^[0-9A-F]{16}$/.test(id),
  )
  if (odd !== undefined) return unknown(`"${odd}" is no UUID`)
  const nothingBefore = generation.bitmap.length === 0 && generation.history.length === 0
  return generation.current === JUST_CREATED && nothingBefore
    ? { kind: 'just-created', nodeId, format }
    : { kind: 'data', generation, nodeId, format }
}

/** A UUID in the one form here; what is none stays, to be refused by {@link metadataOf}. */
export function uuid(text: string): string {
  return text.trim().replace(/^0x/i, '').toUpperCase()
}

/** Without the zeros, which stand for "no UUID". */
export function uuids(texts: readonly string[]): string[] {
  return texts.map(uuid).filter((id) => !/^0+$/.test(id))
}

/** MDF_PRIMARY_IND and MDF_CRASHED_PRIMARY of DRBD's sources, which mean the same in v08 and v09. */
const PRIMARY_FLAGS = 0x42

const primaryIn = (flags: string | undefined): { wasPrimary?: true } =>
  (Number(flags) & PRIMARY_FLAGS) === 0 ? {} : { wasPrimary: true }

/** What a command that reads metadata gave. */
export interface Said {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/**
 * Reads `drbdadm dump-md` / `drbdmeta … dump-md` of v08 and v09. Exit codes differ between versions (1, 255), so the
 * words decide. A `none` is only for the asked format: drbdmeta v09 says it of v08 metadata too.
 */
export function parseDumpMd({ exitCode, stdout, stderr }: Said): Metadata {
  const said = `${stderr}\n${stdout}`
  if (exitCode !== 0) return /No valid meta data found/.test(said) ? { kind: 'none' } : unknown(said)
  const format = /^version "(v\d+)";/m.exec(stdout)?.[1]
  if (format === undefined) return unknown(said)
  return (format === 'v08' ? ofV08(stdout) : ofV09(stdout, format)) ?? unknown(said)
}

/** The ids of a block `name { id; id; … }`; undefined when it is not there as a whole. */
function block(stdout: string, name: string): string[] | undefined {
  const inside = new RegExp(`^${name} \\{([^{}]*)\\}`, 'm').exec(stdout)?.[1]
  return inside
    ?.split(';')
    .map((id) => id.trim())
    .filter((id) => id !== '' && !id.startsWith('flags '))
}

/** Current, bitmap, then history, in one block. */
function ofV08(stdout: string): Metadata | undefined {
  const [current, bitmap, ...history] = block(stdout, 'uuid') ?? []
  if (current === undefined || bitmap === undefined || history.length < 2) return undefined
  const flags = /^\s+flags (0x\w+);/m.exec(stdout)?.[1]
  const generation = {
    current: uuid(current),
    bitmap: uuids([bitmap]),
    history: uuids(history),
    ...primaryIn(flags),
  }
  return metadataOf(generation, undefined, 'v08')
}

function ofV09(stdout: string, format: string): Metadata | undefined {
  const current = /^current-uuid (\S+);/m.exec(stdout)?.[1]
  const nodeId = Number(/^node-id (-?\d+);/m.exec(stdout)?.[1])
  const bitmap = [...stdout.matchAll(/^\s*bitmap-uuid (\S+);/gm)].map(([, id = '']) => id)
  const history = block(stdout, 'history-uuids')
  // A text that ends too early must not make a disk look fresh.
  if (current === undefined || Number.isNaN(nodeId) || bitmap.length === 0 || history === undefined)
    return undefined
  // Those of the peers stand further in.
  const flags = /^flags (0x\w+);/m.exec(stdout)?.[1]
  const generation = {
    current: uuid(current),
    bitmap: uuids(bitmap),
    history: uuids(history),
    ...primaryIn(flags),
  }
  return metadataOf(generation, nodeId < 0 ? undefined : nodeId, format)
}

/** For how many peers metadata v09 have room, as dump-md tells; it cannot be changed. */
export function slotsOf(stdout: string): number | undefined {
  const slots = /^max-peers (\d+);/m.exec(stdout)?.[1]
  return slots === undefined ? undefined : Number(slots)
}
