import { basename } from 'node:path'
import { BringupError } from '../errors.ts'
import { runScript } from './host_script.ts'
import type { ReadContext } from './operation.ts'
import type { PackageSpec } from './package_state.ts'

/** What asks a file for its name and version, as installed packages are asked for theirs. */
const ASK = {
  deb: `dpkg-deb --show --showformat='\${Package} \${Version}\\n' "$file"`,
  rpm: `rpm -qp --nosignature --qf '%{NAME} %|EPOCH?{%{EPOCH}:}:{}|%{VERSION}-%{RELEASE}\\n' "$file"`,
} as const

const look = (kind: keyof typeof ASK): string => `
for file; do
  if [ -f "$file" ]; then ${ASK[kind]} || exit; else echo; fi
done`

/**
 * What files of packages on the host hold: the very names and versions to be installed. Where one may still come, as in
 * check mode, it is named after the file.
 *
 * @throws BringupError PACKAGE_UNAVAILABLE where one is not there, or is no package
 */
export async function packagesIn(
  context: Pick<ReadContext, 'remote' | 'check' | 'facts'>,
  files: readonly string[],
): Promise<PackageSpec[]> {
  const kind = context.facts.packageManager === 'apt' ? 'deb' : 'rpm'
  const { code, stdout, stderr } = await runScript(context, look(kind), files)
  const lines = stdout.toString().split('\n')
  const specs = files.map((file, at): PackageSpec => {
    const [name = '', version = null] = (lines[at] ?? '').split(' ')
    return name === '' ? { name: basename(file), version: null, file } : { name, version, file }
  })
  const missing = specs.find(({ version }) => version === null)
  if (missing === undefined || (context.check && code === 0)) return specs
  throw new BringupError('PACKAGE_UNAVAILABLE', `there is no package in ${missing.file}`, {
    expected: `a file *.${kind}`,
    // rpm takes a text for a list of packages, and complains of its every line.
    seen: stderr.toString().trim().split('\n')[0] || 'no such file',
    remedy: 'Put it there first, whole; or correct the path.',
  })
}
