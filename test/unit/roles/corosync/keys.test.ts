import { describe, expect, test } from 'vitest'
import { keyEfforts, keySource } from '../../../../roles/corosync/keys.ts'
import { view } from './view.ts'

describe('where the key comes from', () => {
  test('no node has one: it is made', () => {
    expect(keySource([view(1, { key: null }), view(2, { key: null })], 'keep')).toEqual({
      do: 'make',
      instead: null,
    })
  })
  test('one node has it: the others are given it', () => {
    expect(keySource([view(1, { key: null }), view(2)], 'keep')).toEqual({
      do: 'take',
      from: 'server2',
      digest: 'a',
    })
  })
  test('two different ones are refused, with who has which', () => {
    expect(keySource([view(1), view(2, { key: 'b' }), view(3)], 'keep')).toMatchObject({
      do: 'refuse',
      seen: 'nodes have different keys: server1 and server3 against server2',
      remedy: expect.stringContaining('-e corosync_key=replace'),
    })
  })
  test('a new one is asked for, whatever is there', () => {
    expect(keySource([view(1), view(2, { key: 'b' })], 'replace')).toEqual({ do: 'make', instead: 'a' })
  })
})

describe('who may run with another key than that of the file', () => {
  const efforts = (views: Parameters<typeof keyEfforts>[0], reload = true) => [
    ...keyEfforts(views, 'a', reload),
  ]

  test('nobody, where the files are older than the processes', () => {
    expect(efforts([view(1), view(2)])).toEqual([])
  })
  test('one that was given its file anew, and hears one that has it', () => {
    expect(efforts([view(1), view(2, { isKeyNewer: true })])).toEqual([])
  })
  test('one that was given another file, and hears nobody', () => {
    expect(efforts([view(1, { members: [1] }), view(2, { isKeyNewer: true, members: [2] })])).toEqual([
      ['server2', 'in turn'],
    ])
  })
  test('all, where the run that replaced it died: a reload where corosync can, else a stop of all', () => {
    const views = [view(1, { isKeyNewer: true }), view(2, { isKeyNewer: true })]
    expect(efforts(views)).toEqual([
      ['server1', 'reload'],
      ['server2', 'reload'],
    ])
    expect(efforts(views, false).map(([, effort]) => effort)).toEqual(['together', 'together'])
  })
  test('nobody, where they were told to read it again', () => {
    const told = { isKeyNewer: true, told: 'a' }
    expect(efforts([view(1, told), view(2, told)])).toEqual([])
  })
  test('those that were told to read the one before', () => {
    const told = { isKeyNewer: true, told: 'b' }
    expect(efforts([view(1, told), view(2, told)]).map(([, effort]) => effort)).toEqual(['reload', 'reload'])
  })
  test('nobody of those that do not run', () => {
    expect(efforts([view(1, { runs: false, isKeyNewer: true })])).toEqual([])
  })
})
