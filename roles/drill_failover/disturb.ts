import type { Node } from 'bringup'
import { BringupError } from 'bringup'
import { REBOOT } from '../../src/operations/reboot.ts'
import type { DrillVars, Step } from './vars.ts'

type Member = Node<DrillVars>

/** How each step is called in a report. */
export const called: Readonly<Record<Step, string>> = {
  standby: 'standby',
  reboot: 'reboot',
  corosync: 'kill -9 of corosync',
  power: 'power cut',
}

/** Does it to the active node. @param observer where commands of a power switch run */
export async function disturb(step: Step, active: Member, observer: Member): Promise<void> {
  const { drill_power_off: powerOff } = active.vars
  const $ = active.$({ timeout: 15 })
  switch (step) {
    case 'standby':
      return void (await active.$`crm_attribute --node ${active.name} --name standby --update on`)
    case 'reboot':
      return await unlessGone($`sh -c ${REBOOT}`)
    case 'corosync':
      return await unlessGone($`sh -c ${'kill -9 $(pidof corosync)'}`)
    case 'power':
      if (powerOff !== undefined) return await onObserver(observer, powerOff, active.name)
      // sysrq b: the kernel resets the machine, with nothing written back, no service stopped and no peer told.
      return await unlessGone($`sh -c ${'echo b >/proc/sysrq-trigger'}`)
  }
}

export async function onObserver(observer: Member, command: readonly string[], name: string): Promise<void> {
  await observer.$`${command.map((word) => word.replaceAll('{node}', name))}`
}

/** A node that goes away while it is asked to does not answer any more. */
async function unlessGone(command: PromiseLike<unknown>): Promise<void> {
  try {
    await command
  } catch (error) {
    if (error instanceof BringupError && ['CONNECTION_LOST', 'TIMEOUT'].includes(error.code)) return
    throw error
  }
}
