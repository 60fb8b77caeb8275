// `npm test`: static checks, then the tests; what they need is installed first. Of the suites that take minutes those run
// that changes speak for. With arguments nothing is chosen: they go to vitest. `--all` is everything, and more rounds where
// chance decides.
import { spawnSync } from 'node:child_process'
import { needTestPackages } from './lab/packages.ts'
import { chooseNow } from './long_suites/choose_now.ts'

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
if (wanted.length > 0) step('vitest', 'run', ...wanted.filter((argument) => argument !== '--all'))
else {
  const { left, text } = chooseNow(process.cwd())
  console.log(`${text}\n`)
  step('vitest', 'run', ...left.flatMap((file) => ['--exclude', file]))
}
