import { changeText } from '../cluster/day_two/change.ts'
import type { Change } from '../cluster/day_two/change.ts'
import type { Outcome, Outlook } from '../cluster/day_two/carry_out.ts'
import type { Happened } from '../cluster/day_two/happened.ts'
import type { Remains } from '../cluster/day_two/remains.ts'
import { actionText } from '../pacemaker/crm_simulate.ts'
import { duration, printable } from './style.ts'
import type { Paint } from './style.ts'

/** What a change would do, before it is made. */
export function outlookText(change: Change, outlook: Outlook, paint: Paint, check: boolean): string {
  const { cluster, via, actions, anyway, risked } = outlook
  const head = `${paint('bold', changeText(change))}  ${paint('dim', `cluster ${cluster}, by way of ${via}`)}`
  const told =
    actions.length === 0
      ? [`  ${paint('cyan', '·')} nothing would move, stop or start`]
      : actions.map((action) => `  ${paint('yellow', '~')} ${printable(actionText(action))}`)
  return [
    head + (check ? paint('cyan', '  (check: nothing is changed)') : ''),
    ...told,
    ...anyway.map((action) => `  ${paint('cyan', '·')} under way already: ${printable(actionText(action))}`),
    ...beyondForecast(change).map((text) => `  ${paint('cyan', '·')} ${text}`),
    ...risked.map(({ text }) => `  ${paint('yellow', '!')} risked: ${printable(text)}`),
  ].join('\n')
}

/** What Pacemaker can not foresee: it goes by what it knows, and looks only then. */
function beyondForecast(change: Change): string[] {
  if (change.kind === 'cleanup') return ['it looks again at what failed, and decides by what it finds']
  return change.kind === 'maintenance' && !change.on
    ? ['what was started or stopped by hand meanwhile it finds out only now, and puts in order']
    : []
}

/**
 * What has come of it, and what stays.
 * @param commandOf the whole command line for words of `bringup cluster`
 */
export function outcomeText(
  change: Change,
  outcome: Outcome,
  paint: Paint,
  { check, commandOf }: { check: boolean; commandOf: (words: readonly string[]) => string },
): string {
  const { met, happened, surprises, remains, milliseconds } = outcome
  const done =
    met !== undefined
      ? [`${paint('green', '✓')} nothing to do: ${printable(met)}`]
      : check
        ? []
        : [
            `${paint('green', '✓')} ${changeText(change)}: done, and the cluster is at rest  ${paint('dim', duration(milliseconds))}`,
            ...movedRows(happened),
            ...surprises.map((text) => `  ${paint('yellow', '!')} otherwise than ${printable(text)}`),
          ]
  return [
    ...done,
    ...remains.flatMap((one) =>
      remainsLines(one, paint, check && met === undefined ? 'would stay' : 'stays', commandOf),
    ),
  ].join('\n')
}

function movedRows(all: readonly Happened[]): string[] {
  const width = Math.max(0, ...all.map(({ resource }) => resource.length))
  const place = (nodes: readonly string[]): string => (nodes.length === 0 ? 'stopped' : nodes.join(', '))
  return all.map(({ resource, from, to }) => `  ${resource.padEnd(width)}  ${place(from)} → ${place(to)}`)
}

function remainsLines(
  { text, next }: Remains,
  paint: Paint,
  verb: string,
  commandOf: (words: readonly string[]) => string,
): string[] {
  return [
    `  ${paint('yellow', '!')} ${verb}: ${printable(text)}`,
    ...(next === undefined ? [] : [`    ${paint('dim', 'next')}  ${commandOf(next)}`]),
  ]
}
