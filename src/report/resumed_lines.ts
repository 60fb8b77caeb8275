import type { Resumption } from '../run/events.ts'
import type { Paint } from './style.ts'

/** What a resumed run leaves out, and why it begins where it does. */
export function resumedLines({ run, step, role, hosts, because }: Resumption, paint: Paint): string[] {
  const done = step === 0 ? 'nothing was done there' : `${step} ${step === 1 ? 'role' : 'roles'} done there`
  return [
    `resumes ${run} at ${paint('bold', role)} on ${hosts.join(' ')}: ${done}`,
    ...(because === undefined ? [] : [`${paint('yellow', '!')} begins early: ${because}`]),
  ]
}
