import { expect, test } from 'vitest'
import { parseConf, sections, values } from '../../../../src/pacemaker/corosync/conf.ts'
import { withWatchdog } from '../../../../src/pacemaker/corosync/watchdog.ts'

const dog = { device: '/dev/watchdog', timeout: 6 }
const plain = '# kept\ntotem {\n    version: 2\n}\n'

test('a file without the section gets it at its end, and keeps its comments', () => {
  expect(withWatchdog(plain, dog)).toBe(
    `${plain}\nresources {\n    watchdog_device: /dev/watchdog\n    watchdog_timeout: 6\n}\n`,
  )
})

test('a second time changes nothing, nor where pcs has laid it out anew', () => {
  const once = withWatchdog(plain, dog)
  expect(withWatchdog(once, dog)).toBe(once)
  const packed = once.replaceAll('    ', '\t')
  expect(withWatchdog(packed, dog)).toBe(packed)
})

test('other settings of the section stay, what differs is replaced', () => {
  const before = `${plain}resources {\n  watchdog_device: off\n  system {\n    memory_used {\n      recovery: none\n    }\n  }\n}\nquorum {\n}\n`
  const conf = parseConf(withWatchdog(before, dog))
  const [resources] = sections(conf, 'resources')
  expect(values(resources)).toEqual({ watchdog_device: '/dev/watchdog', watchdog_timeout: '6' })
  expect(sections(sections(resources!, 'system')[0]!, 'memory_used')).toHaveLength(1)
  expect(sections(conf, 'quorum')).toHaveLength(1)
})
