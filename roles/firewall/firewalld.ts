import { operation, z } from 'bringup'
import type { Change } from 'bringup'
import type { Address } from '../../src/facts/facts.ts'
import { output } from '../../src/operations/host_script.ts'
import { openingText } from './openings.ts'
import type { Opening } from './openings.ts'
import { parseZones, richRule, zoneOf } from './zones.ts'
import type { Zone } from './zones.ts'

export interface FirewalldState {
  readonly defaultZone: string
  /** As they are now, and as they will be after a restart. */
  readonly now: readonly Zone[]
  readonly permanent: readonly Zone[]
}

const params = z.strictObject({
  openings: z.custom<readonly Opening[]>(),
  addresses: z.custom<readonly Address[]>().describe('Of the node itself'),
})

type Want = z.output<typeof params>

const READ = `
firewall-cmd --get-default-zone && echo '<<<' && firewall-cmd --list-all-zones && echo '<<<' &&
firewall-cmd --permanent --list-all-zones`

interface Step {
  readonly zone: string
  readonly rule: string
  readonly opening: Opening
  readonly isHere: boolean
  readonly isPermanent: boolean
}

/**
 * Rich rules of firewalld, in the zone that the other node's packets go through: at once and for good, each by itself, so
 * that nothing is reloaded and no connection breaks. Nothing is ever taken away.
 */
export const firewalldOpenings = operation('firewalld', {
  params,
  subject: ({ openings }) => `${openings.length} openings`,

  async read(context): Promise<FirewalldState> {
    const text = (await output(context, 'look at the zones of firewalld', READ, [])).toString()
    const [defaultZone = '', now = '', permanent = ''] = text.split(/^<<<$/m)
    return {
      defaultZone: defaultZone.trim(),
      now: parseZones(now.trim()),
      permanent: parseZones(permanent.trim()),
    }
  },

  plan: (now, want): Change[] => steps(now, want).map((step) => ({ summary: stepText(step) })),

  async apply({ $ }, _changes, want, now) {
    const due = steps(now, want)
    for (const zone of new Set(due.map((step) => step.zone))) {
      const rules = (missing: (step: Step) => boolean): string[] =>
        due.filter((step) => step.zone === zone && missing(step)).map(({ rule }) => `--add-rich-rule=${rule}`)
      const permanent = rules(({ isPermanent }) => !isPermanent)
      const here = rules(({ isHere }) => !isHere)
      if (permanent.length > 0) await $`firewall-cmd --permanent --zone=${zone} ${permanent}`
      if (here.length > 0) await $`firewall-cmd --zone=${zone} ${here}`
    }
  },

  after: (now, want): FirewalldState => {
    const due = steps(now, want)
    const filled = (zones: readonly Zone[]): Zone[] =>
      zones.map((zone) => ({
        ...zone,
        rules: [...zone.rules, ...due.filter((step) => step.zone === zone.name).map(({ rule }) => rule)],
      }))
    return { ...now, now: filled(now.now), permanent: filled(now.permanent) }
  },
})

function steps(state: FirewalldState, { openings, addresses }: Want): Step[] {
  return openings.flatMap((opening) => {
    const zone = zoneOf(opening.from, { zones: state.now, defaultZone: state.defaultZone }, addresses)
    const find = (zones: readonly Zone[]): Zone | undefined => zones.find(({ name }) => name === zone)
    if (find(state.now)?.target === 'ACCEPT') return []
    const rule = richRule(opening)
    const isHere = find(state.now)?.rules.includes(rule) === true
    const isPermanent = find(state.permanent)?.rules.includes(rule) === true
    return isHere && isPermanent ? [] : [{ zone, rule, opening, isHere, isPermanent }]
  })
}

function stepText({ opening, zone, isHere, isPermanent }: Step): string {
  const when = isHere ? ', for good' : isPermanent ? ', now' : ''
  return `accept ${openingText(opening)} in the zone ${zone}${when}`
}
