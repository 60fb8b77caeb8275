import { parseHolder } from './lock_claim.ts'
import type { Claim, Holder } from './lock_claim.ts'

export interface RunningCommand {
  readonly pid: number
  readonly command: string
}

/** What became of the wish to be alone on a host. */
export type LockAnswer =
  | { readonly state: 'held' }
  /** It is held already, under another name of the same machine. */
  | { readonly state: 'shared'; readonly node: string }
  /** Another has it; the end of process `end` on the host would free it. */
  | { readonly state: 'taken'; readonly holder: Holder; readonly end: string }
  /** Nobody has it, but commands of a run that has died have not ended. */
  | { readonly state: 'busy'; readonly commands: readonly RunningCommand[] }
  /** The host has no locks, or we no right to them. */
  | { readonly state: 'impossible'; readonly why: string }

/** Pure: reads what the host said to `takeText`. */
export function parseAnswer(text: string, claim: Claim, node: string): LockAnswer {
  const [first = '', ...rest] = text.split('\n')
  const [state, ...words] = first.split(' ')
  switch (state) {
    case 'held':
      return { state }
    case 'taken': {
      const holder = parseHolder(rest.join('\n'))
      return holder.token === claim.token && holder.node !== node
        ? { state: 'shared', node: holder.node }
        : { state, holder, end: words.join(' ') }
    }
    case 'busy':
      return { state, commands: parseCommands(rest) }
    default:
      return {
        state: 'impossible',
        why: state === 'impossible' ? words.join(' ') : `it said: ${text.trim()}`,
      }
  }
}

/** What the engine itself puts around a command. */
const OWN = new Set(['sh', 'tee /dev/null'])

/** What was started, without the shells that only wait for it; where there is nothing else, these. */
function parseCommands(lines: readonly string[]): RunningCommand[] {
  const all = lines.flatMap((line) => {
    const [, kind, pid, command = ''] = /^(shell|child) (\d+) (.*)$/.exec(line) ?? []
    return pid === undefined ? [] : [{ kind, pid: Number(pid), command: command.trim() }]
  })
  const started = all.filter(({ kind, command }) => kind === 'child' && !OWN.has(command))
  return (started.length > 0 ? started : all).map(({ pid, command }) => ({ pid, command }))
}

/** Whether the run may go on: it is alone there, or can't be made so. */
export const mayGoOn = ({ state }: LockAnswer): boolean => state !== 'taken' && state !== 'busy'
