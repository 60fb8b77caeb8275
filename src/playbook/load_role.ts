import { basename, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { BringupError } from '../errors.ts'
import type { Place } from '../errors.ts'
import type { Seconds } from '../connection/remote.ts'
import { nameProblem } from '../inventory/names.ts'
import { didYouMean } from '../nearest.ts'
import { shownPath } from '../path.ts'
import type { RoleDefinition } from '../role.ts'
import { checkDefinition } from './check_definition.ts'
import { roleFile, roleNames } from './role_directories.ts'
import { serveRoleImports } from './role_imports.ts'
import type { VarSchemas } from './var_schemas.ts'

export interface LoadedRole {
  readonly name: string
  readonly directory: string
  readonly definition: RoleDefinition
  /** The schema of each of its vars. */
  readonly schemas: VarSchemas
}

export interface RoleSearch {
  /** Looked through in this order. */
  readonly directories: readonly string[]
  readonly cwd: string
  /** How long a role may take to load; 10 when left out. */
  readonly timeout?: Seconds
}

/**
 * Finds a role and imports it.
 * @param at where it is named
 * @throws BringupError ROLE_UNKNOWN where no directory has it; ROLE_INVALID where it can not be loaded or is no role
 */
export async function loadRole(name: string, at: Place | undefined, search: RoleSearch): Promise<LoadedRole> {
  const file = findRole(name, at, search)
  const shown = shownPath(search.cwd, file)
  const definition = checkDefinition(await importRole(file, shown, search.timeout ?? 10), shown)
  return { name, directory: dirname(file), ...definition }
}

function findRole(name: string, at: Place | undefined, { directories, cwd }: RoleSearch): string {
  const found =
    nameProblem(name) === null
      ? directories.map((directory) => roleFile(join(directory, name))).find((file) => file !== null)
      : undefined
  if (found !== undefined && found !== null) return found
  throw new BringupError(
    'ROLE_UNKNOWN',
    `no role "${name.slice(0, 60)}"${didYouMean(name, roleNames(directories))}`,
    {
      ...(at === undefined ? {} : { at }),
      seen: `looked in ${directories.map((directory) => shownPath(cwd, directory)).join(', ')}`,
      remedy:
        nameProblem(name) === null
          ? `Correct the name, or write the role: bringup new role ${name}`
          : 'Correct the name.',
    },
  )
}

async function importRole(file: string, shown: string, timeout: Seconds): Promise<unknown> {
  serveRoleImports()
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(
    () =>
      late.reject(
        invalid(
          shown,
          undefined,
          `it is still loading after ${timeout} s`,
          'Look for an "await" outside of its run function that never ends.',
        ),
      ),
    timeout * 1000,
  )
  try {
    const module = (await Promise.race([import(pathToFileURL(file).href), late.promise])) as object
    return Reflect.get(module, 'default')
  } catch (error) {
    throw error instanceof BringupError && error.code === 'ROLE_INVALID'
      ? error
      : loadError(error, file, shown)
  } finally {
    clearTimeout(timer)
  }
}

function loadError(error: unknown, file: string, shown: string): BringupError {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined
  const at = placeInStack(error, file, shown)
  if (code === 'ERR_MODULE_NOT_FOUND' || code === 'ERR_PACKAGE_PATH_NOT_EXPORTED') {
    const wanted = /'([^']+)'/.exec(line)?.[1] ?? 'something'
    const isPath = wanted.startsWith('/') || wanted.startsWith('file:')
    const missing = isPath ? basename(wanted) : wanted
    return invalid(
      shown,
      at,
      `it imports "${missing}", which is not there`,
      isPath
        ? 'Correct the path; it ends in .ts.'
        : `Install the package beside the role (npm install ${missing}), or take the import out.`,
      error,
    )
  }
  if (code === 'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING')
    return invalid(
      shown,
      at,
      'TypeScript is not run from inside node_modules',
      'Build the role to role.js, or keep it outside of node_modules.',
      error,
    )
  if (line.includes('does not provide an export'))
    return invalid(shown, at, line, 'Correct the name that is imported.', error)
  if (
    error instanceof SyntaxError ||
    code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX' ||
    code === 'ERR_INVALID_TYPESCRIPT_SYNTAX'
  )
    return invalid(
      shown,
      at,
      line,
      'Correct the syntax; types are stripped, so no enums, parameter properties or namespaces.',
      error,
    )
  return invalid(
    shown,
    at,
    `it throws when it is imported: ${line}`,
    'Do nothing outside of run; what is wrong can be seen with BRINGUP_DEBUG=1.',
    error,
  )
}

const invalid = (
  shown: string,
  at: Place | undefined,
  why: string,
  remedy: string,
  cause?: unknown,
): BringupError =>
  new BringupError('ROLE_INVALID', `the role can not be loaded: ${why}`, {
    at: at ?? { file: shown, line: 1, column: 1 },
    remedy,
    cause,
  })

/** The line of the role's own file that an error came from, as its stack tells it. */
function placeInStack(error: unknown, file: string, shown: string): Place | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const at = Math.max(stack.indexOf(`${pathToFileURL(file).href}:`), stack.indexOf(`${file}:`))
  const [, line, column = '1'] =
    (at < 0 ? null : /:(\d+)(?::(\d+))?/.exec(stack.slice(at + file.length))) ?? []
  return line === undefined ? undefined : { file: shown, line: Number(line), column: Number(column) }
}
