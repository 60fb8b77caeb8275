import { BringupError } from '../errors.ts'
import { runScript } from '../operations/host_script.ts'
import type { ApplyContext } from '../operations/operation.ts'
import { COMPARE_SCRIPT, COPY_SCRIPT, DIFFERENT, OTHER_FILE_SYSTEM, PINNED, WRITABLE } from './copy_text.ts'

import type { Phase } from './tell_progress.ts'

/** The folder that a copy works out of, so that it stays the same one throughout. */
export interface Pinned {
  readonly folder: string
  /** What it must be on. */
  readonly on?: { readonly device: string; readonly uuid: string; readonly readOnly: boolean }
}

/** One tree that is to be equal to another. Where one of them is in the pinned folder, its path begins with {@link PINNED}. */
export interface TreeCopy {
  readonly pinned: Pinned
  readonly source: string
  readonly target: string
  /** A path in the tree that it does not answer for: `./etc-vz`. */
  readonly skipped?: string
  /** Where lists and manifests are kept. */
  readonly work: string
  /** Names of the manifests in it: of what is copied, and of the copy. */
  readonly manifests: { readonly expected: string; readonly found: string }
  /** Whether the manifest of what is copied is there already, and is what the copy has to be equal to. */
  readonly known: boolean
}

/**
 * Copies a tree, with all that a file can have, and compares it by checksum. Where they differ, it is done once more, and
 * thoroughly: see {@link COPY_SCRIPT}.
 *
 * @returns the digest of the manifest
 * @throws BringupError WRITE_FAILED on a full disk, CHANGED_MEANWHILE, COMMAND_FAILED; the source is never written to
 */
export async function copyTree(
  context: ApplyContext,
  tree: TreeCopy,
  at: (phase: Phase) => void,
): Promise<string> {
  for (const again of ['', 'again']) {
    const { pinned, source, target, skipped = '', work } = tree
    at('copying')
    const copied = await script(context, COPY_SCRIPT, pinned, [work, source, target, skipped, again])
    if (copied.code !== 0) throw failed(tree, 'copied', copied)
    at('comparing')
    const { expected, found } = tree.manifests
    const compared = await script(context, COMPARE_SCRIPT, pinned, [
      work,
      tree.known ? '' : source,
      target,
      skipped,
      expected,
      found,
    ])
    if (compared.code === 0) return compared.stdout.trim()
    if (compared.code !== DIFFERENT || again !== '') throw failed(tree, 'compared', compared)
  }
  throw new BringupError('INTERNAL', 'a copy was neither equal nor different')
}

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

async function script(
  context: ApplyContext,
  text: string,
  { folder, on }: Pinned,
  args: readonly string[],
): Promise<Ended> {
  const guarded =
    on === undefined ? ['', '', ''] : [on.device, on.uuid, on.readOnly ? 'read-only' : 'writable']
  const { code, stdout, stderr } = await runScript(context, text, [folder, ...guarded, ...args])
  return { code, stdout: stdout.toString(), stderr: stderr.toString() }
}

const KEPT = 'Nothing was lost:'

function failed(tree: TreeCopy, what: string, { code, stdout, stderr }: Ended): BringupError {
  const [source, target] = [tree.source, tree.target].map((path) => path.replace(PINNED, tree.pinned.folder))
  const seen = stderr.trim().split('\n').slice(-12).join('\n')
  switch (code) {
    case OTHER_FILE_SYSTEM:
      return new BringupError(
        'CHANGED_MEANWHILE',
        'another file system is mounted there than was looked at',
        {
          seen,
          remedy: `${KEPT} nothing of it was copied, and nothing written to it. See who mounts there, and run again.`,
        },
      )
    case WRITABLE:
      return new BringupError('CHANGED_MEANWHILE', 'it can be written to while it is copied', {
        expected: 'mounted read-only',
        remedy: `${KEPT} what was copied does not count. See who mounted it writable, and run again: it is copied and compared once more.`,
      })
    case DIFFERENT:
      return new BringupError('CHANGED_MEANWHILE', `the copy in ${target} differs from ${source}`, {
        seen: differences(stdout),
        remedy: `${KEPT} ${source} is as it was. See whether a disk fails (dmesg), and run again: it is copied and compared once more.`,
      })
    default:
      return /No space left|Disk quota/.test(stderr)
        ? new BringupError('WRITE_FAILED', `${target} is full`, {
            seen,
            remedy: `${KEPT} ${source} is as it was. Make room there, and run again: it goes on from here.`,
          })
        : new BringupError('COMMAND_FAILED', `${source} could not be ${what} (exit status ${code})`, {
            seen,
            remedy: `${KEPT} ${source} is as it was. Put in order what is said here, and run again: it goes on from here.`,
          })
  }
}

/** What comm(1) tells of two manifests: lines of the first one only, and, behind a tab, of the second. */
function differences(text: string): string {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (line.startsWith('\t') ? `copy:   ${line.slice(1)}` : `source: ${line}`))
    .join('\n')
}
