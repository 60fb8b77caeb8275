import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canTalk, protocolsOf } from '../../../src/drbd/protocols.ts'

test.each<[string, string, number]>([
  ['9.0.19-1', '9.0.19-1', 115],
  ['9.0.19-1', '9.0.32-1', 115],
  ['9.0.19-1', '9.1.22', 115],
  ['9.0.19-1', '9.2.11', 115],
  ['9.0.0', '9.1.0', 110],
  ['9.0.26', '9.3.3', 118],
  ['9.0.32-1', '9.1.23', 121],
  ['9.0.32-1', '9.2.12', 121],
  ['9.1.0', '9.3.0', 119],
  ['9.2.2', '9.2.16', 121],
  ['9.2.16', '9.2.17', 123],
  ['8.4.11', '9.0.19-1', 101],
  ['8.4.11', '9.1.8', 101],
  ['8.4.11', '9.3.3', 101],
])('%s and %s talk', (one, other, protocol) => {
  expect(canTalk(one, other)).toMatchObject({ ok: true, protocol })
})

// Both know 86 to 101; but what is agreed on is the lower of their highest, which the newer one left out.
test.each(['9.1.23', '9.2.12', '9.2.14', '9.3.0', '9.3.3'])('9.0.0 to 9.0.25 do not talk to %s', (newer) => {
  for (const older of ['9.0.0', '9.0.19-1', '9.0.24', '9.0.25']) {
    expect(canTalk(older, newer)).toMatchObject({
      refused: `DRBD ${older} and DRBD ${newer} can not talk to one another`,
      seen: expect.stringContaining(`DRBD ${newer}: 86-101, 118-`) as unknown,
      remedy: expect.stringContaining('9.0.32-1 first') as unknown,
    })
  }
})

test.each(['9.1.0', '9.1.7'])('8.4 does not talk to %s', (newer) => {
  expect(canTalk('8.4.11', newer)).toMatchObject({
    expected: 'protocol 101, the highest of the older one, on both',
    remedy: expect.stringContaining('9.1.8') as unknown,
  })
})

test('with 8.4 it is two nodes only', () => {
  expect(canTalk('8.4.11', '9.2.14')).toMatchObject({ warnings: [expect.stringContaining('two nodes')] })
  expect(canTalk('8.4.11', '8.4.10')).toMatchObject({ warnings: [] })
})

test('no version is no version', () => {
  expect(canTalk('9', '9.2.14')).toMatchObject({ refused: '"9" is not a release of drbd' })
  expect(protocolsOf('x')).toMatchObject({ ok: false })
})

const module = fc
  .tuple(fc.constantFrom('8.4', '9.0', '9.1', '9.2', '9.3', '9.4'), fc.nat(40))
  .map(([series, patch]) => `${series}.${patch}`)

test('who talks is the same from both sides; everybody talks to themselves', () => {
  fc.assert(
    fc.property(module, module, (one, other) => {
      const [there, back] = [canTalk(one, other), canTalk(other, one)]
      expect(there.ok).toBe(back.ok)
      if (there.ok && back.ok) expect(there.protocol).toBe(back.protocol)
      expect(canTalk(one, one).ok).toBe(true)
    }),
  )
})

test('the step that a refusal names talks to both sides', () => {
  fc.assert(
    fc.property(module, module, (one, other) => {
      const answer = canTalk(one, other)
      if (answer.ok) return
      const steps = /9\.0\.32-1|9\.1\.8/.exec(answer.remedy)!
      const sides = steps[0] === '9.1.8' ? [one, other].filter((side) => side.startsWith('8.')) : [one, other]
      for (const side of sides) expect(canTalk(side, steps[0]).ok).toBe(true)
    }),
  )
})
