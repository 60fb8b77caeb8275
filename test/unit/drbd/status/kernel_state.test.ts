import { describe, expect, test } from 'vitest'
import { resourceStateOf, resourceStates } from '../../../../src/drbd/status/kernel_state.ts'
import { recordedAnswers } from './recorded.ts'

const R0 = { name: 'r0', volumes: [{ volume: 0, minor: 0 }] }
const NO_MODULE = { procDrbd: '', status: undefined }
const NINE = 'version: 9.2.16 (api:2/proto:86-122)\nTransports (api:21): tcp (9.2.16)\n'
const status = (...names: string[]): string =>
  JSON.stringify(
    names.map((name) => ({
      name,
      role: 'Secondary',
      devices: [{ volume: 0, minor: 0, 'disk-state': 'UpToDate' }],
    })),
  )

describe('of one resource', () => {
  test('8.4 has it by its minors, and does not say who the peer is', () => {
    const answers = recordedAnswers('8.4.11', 'connected', 'server1')
    expect(resourceStateOf(answers, R0)).toMatchObject({
      name: 'r0',
      connections: [{ peer: 'the other node' }],
    })
    expect(resourceStateOf(answers, R0, 'server2')?.connections[0]?.peer).toBe('server2')
    expect(resourceStateOf(answers, { name: 'r1', volumes: [{ volume: 0, minor: 1 }] })).toBeUndefined()
  })

  test('9 has it by its name', () => {
    const answers = { procDrbd: NINE, status: status('r9', 'r0') }
    expect(resourceStateOf(answers, R0)?.volumes[0]?.disk).toBe('UpToDate')
    expect(resourceStateOf(answers, { ...R0, name: 'r1' })).toBeUndefined()
  })

  test.each([
    ['without a module', NO_MODULE],
    ['without a module, whatever else answered', { procDrbd: '', status: status('r0') }],
    ['without the tools of 9', { procDrbd: NINE, status: undefined }],
  ])('%s nothing is up', (_what, answers) => expect(resourceStateOf(answers, R0)).toBeUndefined())

  test('an answer that is cut off is no answer', () => {
    const cut = { procDrbd: NINE, status: status('r0').slice(0, -1) }
    expect(() => resourceStateOf(cut, R0)).toThrow(expect.objectContaining({ code: 'NOT_MET' }))
  })
})

test('of all resources: by name in 9, each minor that is set up in 8.4', () => {
  expect(resourceStates({ procDrbd: NINE, status: status('r0', 'r1') }).map(({ name }) => name)).toEqual([
    'r0',
    'r1',
  ])
  const procDrbd = `version: 8.4.11 (api:1/proto:86-101)
 0: cs:Connected ro:Secondary/Primary ds:UpToDate/UpToDate C r-----
 1: cs:Unconfigured
 2: cs:WFConnection ro:Secondary/Unknown ds:UpToDate/DUnknown C r-----
`
  expect(resourceStates({ procDrbd, status: undefined }).map(({ name }) => name)).toEqual(['drbd0', 'drbd2'])
  expect(resourceStates(NO_MODULE)).toEqual([])
})
