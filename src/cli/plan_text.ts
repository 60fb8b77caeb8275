import type { PlannedPlay, PlannedRole, RunPlan } from '../playbook/playbook.ts'
import { indent } from '../report/style.ts'
import type { Paint } from '../report/style.ts'

/** A plan for people: plays, their batches of hosts, their roles in order with tags and what they are for. */
export function planText(plan: RunPlan, paint: Paint): string {
  const plays = plan.plays.map((play, index) => playText(play, index + 1, paint))
  const notes = notesText(plan.notes, paint)
  return [
    `${paint('bold', plan.playbook)} on ${plan.inventory}`,
    ...plays,
    ...(notes === '' ? [] : [notes]),
  ].join('\n\n')
}

/** Notes as lines of their own; empty where there are none. */
export const notesText = (notes: readonly string[], paint: Paint): string =>
  notes.map((note) => `${paint('yellow', 'note')}  ${note}`).join('\n')

function playText(play: PlannedPlay, number: number, paint: Paint): string {
  const heading = `${number}. ${paint('bold', play.name)}`
  const rest = play.anyErrorsFatal ? '' : '  (goes on without hosts that fail)'
  const batches = play.batches.map((batch) => batch.map((host) => host.name).join(' '))
  const hosts =
    batches.length === 1
      ? [`hosts  ${batches[0]}`]
      : batches.map((batch, index) => `${index === 0 ? 'hosts' : '     '}  ${index + 1}: ${batch}`)
  if (play.beside.length > 0) hosts.push(`beside ${play.beside.map((host) => host.name).join(' ')}`)
  const width = Math.max(...play.roles.map((role) => role.name.length))
  const roles = play.roles.map((role) => roleText(role, width, paint))
  return [heading + rest, ...[...hosts, ...roles].map((line) => indent(line, 3))].join('\n')
}

function roleText({ name, tags, definition }: PlannedRole, width: number, paint: Paint): string {
  const tagged = tags.length === 0 ? '' : `  ${paint('cyan', `[${tags.join(', ')}]`)}`
  return `role   ${name.padEnd(width)}  ${paint('dim', definition.summary)}${tagged}`
}
