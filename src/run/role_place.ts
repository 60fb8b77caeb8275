import { fileURLToPath } from 'node:url'
import type { Place } from '../errors.ts'
import { shownPath } from '../path.ts'

export interface RolePlace {
  readonly at: Place
  /** The engine stands between this place and the error: the role called it, and it threw. */
  readonly throughEngine: boolean
}

/** Where the engine lies: its source, its bin, and the package around both. */
export interface EnginePlaces {
  readonly source: string
  readonly bin: string
  readonly root: string
}

/**
 * Where in a role's own code something was thrown or called: the first frame of a stack that is neither Node's, nor a
 * package's, nor the engine's.
 */
export function placeInRole(
  stack: string | undefined,
  cwd: string,
  engine: EnginePlaces = ENGINE,
): RolePlace | undefined {
  let throughEngine = false
  for (const line of stack?.split('\n') ?? []) {
    const [, where = '', row, column] = FRAME.exec(line) ?? []
    const file = where.startsWith('file://') ? fileURLToPath(where) : where
    // Roles that come with the engine lie beside it, which may itself be in node_modules.
    const inPackage = file.replace(engine.root, '/').includes('/node_modules/')
    if (!file.startsWith('/') || inPackage || file.startsWith(engine.bin)) continue
    if (file.startsWith(engine.source)) throughEngine = true
    else
      return { at: { file: shownPath(cwd, file), line: Number(row), column: Number(column) }, throughEngine }
  }
  return undefined
}

/** `    at async Object.run (file:///project/roles/web/role.ts:12:5)`; the name and its parentheses may be missing. */
const FRAME = /^\s+at (?:.*\()?(?:async )?((?:file:\/\/)?\/[^()]*?)(?:\?[^()]*)?:(\d+):(\d+)\)?$/

const directory = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** As a checkout has it; a package has its source one deeper, in `dist`. */
const ENGINE: EnginePlaces = import.meta.url.endsWith('.ts')
  ? { source: directory('../'), bin: directory('../../bin/'), root: directory('../../') }
  : { source: directory('../'), bin: directory('../../../bin/'), root: directory('../../../') }
