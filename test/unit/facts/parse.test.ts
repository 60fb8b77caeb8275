import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BringupError } from '../../../src/errors.ts'
import { gatherFacts } from '../../../src/facts/gather.ts'
import { parseFacts } from '../../../src/facts/parse.ts'
import { platforms } from '../../support/operation_bench.ts'
import { localRemote } from '../../support/local_remote.ts'

const MARK = 'd0c5b1f0a9e84c7f9b6e3a21'
const fixture = (release: string): string =>
  readFileSync(new URL(`fixtures/${release}.txt`, import.meta.url), 'utf8')

describe('a node with a cluster', () => {
  test.each(['bullseye', 'bookworm', 'trixie'])('of Debian %s', (release) => {
    const { services, blockDevices, ...facts } = parseFacts(fixture(release), MARK)
    const { corosync, pacemaker, pcsd, ssh, 'systemd-logind': logind } = services
    expect({ ...facts, services: { corosync, pacemaker, pcsd, ssh, logind } }).toMatchSnapshot()
    expect(blockDevices.map(({ path, type }) => `${path} ${type}`)).toEqual(['/dev/vda disk'])
  })
})

describe('an answer', () => {
  test('that is cut off is an error, wherever it ends', () => {
    const whole = fixture('bookworm')
    fc.assert(
      fc.property(fc.nat(whole.lastIndexOf(MARK) + MARK.length + 1), (length) => {
        expect(() => parseFacts(whole.slice(0, length), MARK)).toThrow(BringupError)
      }),
    )
  })

  test('with anything in it is read', () => {
    const names = [...fixture('bookworm').matchAll(new RegExp(`^${MARK} (\\S+)$`, 'gm'))].map(
      ([, name]) => name,
    )
    const lines = fixture('bookworm').split('\n')
    const line = fc.oneof(fc.string(), fc.constantFrom(...lines), fc.string({ unit: 'binary' }))
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...names), fc.array(line))), (sections) => {
        const text = sections.map(([name, body]) => `\n${MARK} ${name}\n${body.join('\n')}`).join('')
        const facts = parseFacts(`${text}\n${MARK} end\n`, MARK)
        expect(facts.cpus).toBeGreaterThan(0)
        expect(Number.isSafeInteger(facts.memory)).toBe(true)
      }),
    )
  })

  test('of nothing at all has a value for everything', () => {
    expect(parseFacts(`\n${MARK} end\n`, MARK)).toEqual({
      hostname: '',
      os: { id: 'linux', like: [], version: '', codename: null, name: 'linux' },
      kernel: { release: '', headers: { package: 'linux-headers-', path: null } },
      architecture: '',
      cpus: 1,
      memory: 0,
      bootId: '',
      time: 0,
      packageManager: null,
      packageSources: [],
      systemd: null,
      virtualization: 'unknown',
      addresses: [],
      blockDevices: [],
      services: {},
      versions: {
        corosync: null,
        pacemaker: null,
        pcs: null,
        crmsh: null,
        drbdModule: null,
        drbdUtils: null,
      },
    })
  })
})

test.each(platforms)('facts are gathered with %s', async (platform) => {
  const facts = await gatherFacts(
    localRemote({ shell: platform === 'busybox' ? ['busybox', 'sh'] : [platform] }),
  )
  expect(facts.bootId).toMatch(/^[0-9a-f-]{36}$/)
  expect(facts.memory).toBeGreaterThan(1024 ** 2)
  expect(Math.abs(facts.time - Date.now() / 1000)).toBeLessThan(3600)
})

test('a host without the usual tools is no error', async () => {
  const facts = await gatherFacts(localRemote({ shell: ['/bin/dash'], path: '/nonexistent' }))
  expect(facts.bootId).toMatch(/^[0-9a-f-]{36}$/)
  expect(facts).toMatchObject({ architecture: '', packageManager: null, systemd: null })
})

test('addresses, also with a peer', () => {
  const lines = [
    '1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever',
    '4: eth0@if5    inet6 fe80::1/64 scope link \\  valid_lft forever',
    '9: ppp0    inet 10.0.0.1 peer 10.0.0.2/32 scope global ppp0',
    '2: eth1    ether 00:11:22',
  ]
  const text = `\n${MARK} addresses\n${lines.join('\n')}\n${MARK} end\n`
  expect(parseFacts(text, MARK).addresses).toEqual([
    { interface: 'lo', family: 'inet', address: '127.0.0.1', prefix: 8 },
    { interface: 'eth0', family: 'inet6', address: 'fe80::1', prefix: 64 },
    { interface: 'ppp0', family: 'inet', address: '10.0.0.1', prefix: 32 },
  ])
})
