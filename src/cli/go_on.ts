import { quote } from '../shell/quote.ts'
import type { RunArguments } from './run.ts'

/**
 * The command line that continues a run, as it is typed. `--start-at` is not in it: where that run began is on record.
 * @param viaNpx bringup was started by npm, and may not be on the path
 */
export function goOnCommand(playbook: string, options: RunArguments, viaNpx: boolean): string {
  const { inventory, limit, tags, extraVars, destroy, acceptNew, diff } = options
  const words = [
    ...(viaNpx ? ['npx'] : []),
    'bringup',
    'run',
    playbook,
    ...inventory.flatMap((file) => ['-i', file]),
    ...(limit === undefined ? [] : ['--limit', limit]),
    ...(tags === undefined ? [] : ['--tags', tags.join(',')]),
    ...extraVars.flatMap((text) => ['-e', text]),
    ...destroy.flatMap((text) => ['--destroy', text]),
    ...(acceptNew ? ['--accept-new'] : []),
    ...(diff ? ['--diff'] : []),
    '--resume',
  ]
  return words.map(quote).join(' ')
}
