// `npm test`: static checks, then the tests; what they need is installed first. Arguments go to vitest, but for `--all`:
// with it, tests of what chance decides take many more rounds, and Vagrant's are run, too.
import { spawnSync } from 'node:child_process'
import { needTestPackages } from './lab/packages.ts'

process.chdir(new URL('..', import.meta.url).pathname)

function step(command: string, ...args: string[]): void {
  const { status } = spawnSync(command, args, { stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

await needTestPackages()
step('tsc', '-p', '.')
step('oxlint')
step('prettier', '--check', '--log-level', 'warn', '.')
const wanted = process.argv.slice(2)
const all = wanted.includes('--all')
if (all) process.env['TEST_ALL'] = 'yes'
const projects = all || wanted.includes('--project') ? [] : ['--project', '!vagrant']
step('vitest', 'run', ...projects, ...wanted.filter((argument) => argument !== '--all'))
