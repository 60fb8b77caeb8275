import * as z from 'zod'
import { BringupError } from '../errors.ts'
import { operation } from './operation.ts'
import type { Change } from './operation.ts'
import { controlUnit, reloadSystemd } from './unit_control.ts'
import {
  isEnabled,
  isMasked,
  isRunning,
  isStopped,
  readUnit,
  shortName,
  unitKey,
  unitName,
} from './unit_state.ts'
import type { UnitState } from './unit_state.ts'

const params = z
  .strictObject({
    name: unitName.describe('A systemd unit; without an ending it is a service'),
    state: z.enum(['started', 'stopped']).optional().describe('Whether it runs now; left out, as it is'),
    enabled: z.boolean().optional().describe('Whether it starts at boot; left out, as it is'),
    masked: z.boolean().optional().describe('Whether starting it is made impossible; left out, as it is'),
  })
  .refine((want) => want.masked !== true || (want.state !== 'started' && want.enabled !== true), {
    message: 'what is masked can be neither started nor enabled',
  })

type Want = z.output<typeof params>
type Step = 'unmask' | 'daemon-reload' | 'disable' | 'enable' | 'stop' | 'start' | 'mask'

/**
 * Whether a unit runs, and whether it does after a boot. A unit that is not there is stopped and disabled. Where systemd
 * has not read its changed files yet, it does so first.
 */
export const service = operation('service', {
  params,
  subject: ({ name }) => shortName(name),
  key: ({ name }) => unitKey(name),
  read: (context, { name }) => readUnit(context, name),

  plan: (now, want): Change[] => planSteps(now, want).map((step) => ({ summary: `${step}${missing(now)}` })),

  async apply(context, _changes, want, now) {
    const { name } = want
    const steps = planSteps(now, want)
    if (
      isMasked(now) &&
      want.masked === undefined &&
      steps.some((step) => step === 'enable' || step === 'start')
    )
      throw masked(name)
    for (const step of steps) {
      if (step === 'daemon-reload') {
        await reloadSystemd(context)
        continue
      }
      if (now.load === 'not-found' && step !== 'mask') throw noSuchUnit(name)
      if (step === 'enable' && now.enabled === 'static') throw cannotEnable(name)
      await controlUnit(context, step, name)
    }
  },

  after: (now, want): UnitState => planSteps(now, want).reduce(afterStep, now),
})

function planSteps(now: UnitState, { state, enabled, masked }: Want): Step[] {
  const unmask = masked === false && isMasked(now)
  const steps: [Step, boolean][] = [
    ['unmask', unmask],
    ['daemon-reload', now.needsReload],
    // Whether it is enabled cannot be seen while it is masked; both do nothing where nothing is to be done.
    ['disable', enabled === false && (unmask || isEnabled(now))],
    ['enable', enabled === true && (unmask || !isEnabled(now))],
    ['stop', state === 'stopped' && !isStopped(now)],
    ['start', state === 'started' && !isRunning(now)],
    ['mask', masked === true && !isMasked(now)],
  ]
  return steps.filter(([, due]) => due).map(([step]) => step)
}

function afterStep(now: UnitState, step: Step): UnitState {
  const there = now.load === 'not-found' ? 'loaded' : now.load
  switch (step) {
    case 'unmask':
      return { ...now, load: 'loaded', enabled: 'disabled' }
    case 'mask':
      return { ...now, load: 'masked', enabled: 'masked' }
    case 'daemon-reload':
      return { ...now, needsReload: false }
    case 'enable':
      return { ...now, load: 'loaded', enabled: 'enabled' }
    case 'disable':
      return { ...now, enabled: 'disabled' }
    case 'start':
      return { ...now, load: there, active: 'active' }
    case 'stop':
      return { ...now, active: 'inactive' }
  }
}

const missing = ({ load, arrives }: UnitState): string =>
  load !== 'not-found' ? '' : arrives ? ' (package planned)' : ' (no such unit yet)'

const noSuchUnit = (unit: string): BringupError =>
  new BringupError('SERVICE_FAILED', `there is no unit ${unit}`, {
    remedy: 'Check its name, and that the package or file that brings it comes before this task.',
  })

const cannotEnable = (unit: string): BringupError =>
  new BringupError('REFUSED', `${unit} cannot be enabled`, {
    seen: 'it is static: its file has no [Install] section, other units start it',
    remedy: 'Leave `enabled` out for it, or enable the unit that starts it.',
  })

const masked = (unit: string): BringupError =>
  new BringupError('REFUSED', `${unit} is masked: somebody made it impossible to start`, {
    remedy: 'Where it is to run all the same, set `masked: false` for this task.',
  })
