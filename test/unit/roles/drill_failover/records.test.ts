import { describe, expect, test } from 'vitest'
import { longestSilence, lostRecords } from '../../../../roles/drill_failover/records.ts'

const acks = (...times: number[]) => times.map((at, index) => ({ record: `server1-${index + 1}`, at }))

test('an acknowledged record that is not in the file is lost; one in it that nobody acknowledged is not missed', () => {
  const file = 'server1-1\nserver1-3\nserver1-4\nserver2-9\n'
  expect(lostRecords(acks(1, 2, 3), file)).toEqual(['server1-2'])
  expect(lostRecords(acks(1), file)).toEqual([])
})

test('half a record is none', () => {
  expect(lostRecords([{ record: 'server1-12', at: 0 }], 'server1-1\nserver1-123\n')).toEqual(['server1-12'])
})

describe('the longest time without a record', () => {
  test('is between two answers, the first of which may be older than the blow', () => {
    expect(longestSilence(acks(1000, 1900, 9900, 10_000), 2000)).toBe(8)
  })
  test('does not count what was before', () => {
    expect(longestSilence(acks(1000, 9000, 9100, 9200), 9050)).toBe(0.1)
  })
  test('counts from the blow where nothing was written before it', () => {
    expect(longestSilence(acks(5000), 2000)).toBe(3)
  })
})
