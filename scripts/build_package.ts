import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { builtInRoles, roleFile, roleNames } from '../src/playbook/role_directories.ts'
import { BringupError } from '../src/errors.ts'

const root = join(import.meta.dirname, '..')

/**
 * What stays a package of its own: ssh2 has parts that are compiled where it is installed, and of zx and bringup itself
 * a role must get the copy that the engine has.
 */
const APART = [/^node:/, /^ssh2(\/|$)/, /^zx(\/|$)/, 'bringup']

/**
 * Builds what the npm package holds, since Node strips no types inside `node_modules`: declarations by tsc, and the
 * code with what it depends on in some sixty files, which load in two thirds of the time of the six hundred that they come from.
 *
 * @throws BringupError INTERNAL when the declarations can not be made
 */
export async function buildPackage(outDir: string): Promise<void> {
  rmSync(outDir, { recursive: true, force: true })
  const { status, stdout } = spawnSync('tsc', ['-p', 'tsconfig.build.json', '--outDir', outDir], {
    cwd: root,
    encoding: 'utf8',
  })
  if (status !== 0) throw new BringupError('INTERNAL', 'the package could not be built', { seen: stdout })

  const roles = roleNames([builtInRoles()])
  await using bundle = await rolldown({
    cwd: root,
    platform: 'node',
    external: APART,
    input: {
      'src/index': 'src/index.ts',
      'src/cli/main': 'src/cli/main.ts',
      ...Object.fromEntries(
        roles.map((name) => [`roles/${name}/role`, roleFile(join(builtInRoles(), name)) ?? '']),
      ),
    },
  })
  const { output } = await bundle.write({
    dir: outDir,
    entryFileNames: '[name].js',
    // As deep as any file of `src`: some look for what lies beside them.
    chunkFileNames: 'src/chunks/[name]-[hash].js',
  })
  // What roles send to nodes as it is, where the built role looks for it.
  for (const name of roles) {
    const files = join(builtInRoles(), name, 'files')
    if (existsSync(files)) cpSync(files, join(outDir, 'roles', name, 'files'), { recursive: true })
  }
  const modules = output.flatMap((part) => (part.type === 'chunk' ? part.moduleIds : []))
  writeFileSync(join(outDir, 'THIRD_PARTY.txt'), licenses(modules))
}

/** The licenses of the packages that these modules come from. */
function licenses(modules: readonly string[]): string {
  const folders = new Set(
    modules.flatMap((id) => /^\/.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []),
  )
  return [...folders]
    .toSorted()
    .map((folder) => {
      const file = readdirSync(folder).find((name) => /^licen[sc]e/i.test(name))
      const { name, version, license } = JSON.parse(
        readFileSync(join(folder, 'package.json'), 'utf8'),
      ) as Record<string, string>
      const text = file === undefined ? `${license}\n` : readFileSync(join(folder, file), 'utf8')
      return `${name} ${version}\n\n${text}`
    })
    .join('\n\n')
}
