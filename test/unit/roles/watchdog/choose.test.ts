import { describe, expect, test } from 'vitest'
import { chooseWatchdog } from '../../../../roles/watchdog/choose.ts'
import { parseWatchdog } from '../../../../roles/watchdog/live.ts'
import { watchdogVars } from '../../../../roles/watchdog/vars.ts'

const found = (module: string | null, ...holders: string[]) => ({ module, holders, timeout: null })

describe('which watchdog a machine is to have', () => {
  test.each([
    ['auto', found(null), { module: 'softdog', load: true }],
    ['auto', found('softdog', 'corosync'), { module: 'softdog', load: true }],
    ['auto', found('iTCO_wdt'), { module: 'iTCO_wdt', load: false }],
    ['auto', found('unknown'), { module: 'unknown', load: false }],
    ['ipmi_watchdog', found(null), { module: 'ipmi_watchdog', load: true }],
    ['ipmi_watchdog', found('ipmi_watchdog'), { module: 'ipmi_watchdog', load: true }],
  ])('%s where there is %o', (wanted, now, choice) => {
    expect(chooseWatchdog(wanted, now)).toEqual(choice)
  })

  test('a second watchdog beside another is refused', () => {
    expect(chooseWatchdog('softdog', found('iTCO_wdt'))).toMatchObject({
      refuse: '/dev/watchdog is that of iTCO_wdt, and softdog would become a second one',
    })
  })

  test.each(['systemd', 'sbd'])('one that %s feeds is refused', (holder) => {
    expect(chooseWatchdog('auto', found('softdog', holder))).toMatchObject({
      refuse: `${holder} feeds /dev/watchdog, which only one process can`,
    })
  })
})

test('what a machine says of its watchdog', () => {
  expect(parseWatchdog('module softdog\ntimeout 6\nholder corosync\nholder corosync\n')).toEqual({
    module: 'softdog',
    holders: ['corosync'],
    timeout: 6,
  })
  expect(parseWatchdog('module ipmi_watchdog\n')).toEqual({
    module: 'ipmi_watchdog',
    holders: [],
    timeout: null,
  })
  expect(parseWatchdog('')).toEqual(found(null))
})

test('a corosync that would be back before the watchdog bites is refused', () => {
  const problems = (vars: object) => watchdogVars.safeParse(vars).error?.issues.map(({ path }) => path.join())
  expect(problems({})).toBeUndefined()
  expect(problems({ watchdog_margin: 60, watchdog_restart: 61 })).toBeUndefined()
  expect(problems({ watchdog_margin: 60, watchdog_restart: 60 })).toEqual(['watchdog_restart'])
})
