import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { awayTimes, lastReply } from '../../../roles/drill_standby/ping.ts'

const reply = (time: number, sequence: number): string =>
  `[${time.toFixed(6)}] 64 bytes from 192.168.111.100: icmp_seq=${sequence} ttl=64 time=0.061 ms`
const silence = (time: number, sequence: number): string =>
  `[${time.toFixed(6)}] no answer yet for icmp_seq=${sequence}`

describe('how long an address was away', () => {
  test('is the time between the answers around the missing ones', () => {
    const output = [
      'PING 192.168.111.100 (192.168.111.100) 56(84) bytes of data.',
      reply(1000.1, 1),
      reply(1000.2, 2),
      silence(1000.4, 3),
      `[1000.500000] From 192.168.111.150 icmp_seq=4 Destination Host Unreachable`,
      reply(1000.9, 9),
      reply(1001, 10),
    ].join('\n')
    expect(awayTimes(output)).toEqual([{ from: 1000.2, seconds: 0.7, lost: 6 }])
    expect(lastReply(output)).toBe(1001)
  })

  test('is nothing where every probe was answered, however late', () => {
    expect(awayTimes([reply(1, 1), reply(3, 2), reply(3.1, 3)].join('\n'))).toEqual([])
  })

  test('is not known before the first answer and after the last', () => {
    expect(awayTimes([silence(1, 1), silence(2, 2)].join('\n'))).toEqual([])
    expect(lastReply('')).toBeNull()
    expect(awayTimes([reply(1, 1), silence(2, 2)].join('\n'))).toEqual([])
  })
})

test('counts each lost probe once', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 2 }), (answered) => {
      const all = [true, ...answered, true]
      const output = all.map((ok, index) => (ok ? reply : silence)(index / 10, index + 1)).join('\n')
      const lost = awayTimes(output).reduce((sum, away) => sum + away.lost, 0)
      expect(lost).toBe(all.filter((ok) => !ok).length)
    }),
  )
})
