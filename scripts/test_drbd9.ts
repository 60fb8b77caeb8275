// `npm run test:drbd9 -- TARBALL`: the end-to-end tests of DRBD with a real release of DRBD 9 (9.2.x or 9.3.x).
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { needTestPackages } from './lab/packages.ts'

const [tarball] = process.argv.slice(2)
if (tarball === undefined) {
  console.log('skipped: it needs a release tarball of DRBD 9, which this project does not bring.')
  console.log('Give its path: npm run test:drbd9 -- drbd-9.2.16.tar.gz')
} else {
  const env = { ...process.env, DRBD9_TARBALL: resolve(process.env['INIT_CWD'] ?? '.', tarball) }
  process.chdir(new URL('..', import.meta.url).pathname)
  await needTestPackages()
  const args = ['run', '--project', 'vms', 'test/vms/drbd9.test.ts']
  process.exitCode = spawnSync('vitest', args, { stdio: 'inherit', env }).status ?? 1
}
