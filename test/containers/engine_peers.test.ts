import { afterAll, beforeAll, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { engineProject, runEnd, taskEnds } from '../support/engine_project.ts'

let lab: Lab
beforeAll(async () => void (lab = await raiseLab({ nodes: 3 })))
afterAll(() => lab?.down())

const names = `const names = (group) => [...group].map(({ name }) => name).join(' ') || 'nobody'`
const site = (play: readonly string[] = []) =>
  engineProject(
    lab,
    {
      join: `
  peers: true,
  async run({ nodes, peers, atEnd }) {
    ${names}
    nodes.first.note('works on ' + names(nodes) + ', beside ' + names(peers))
    atEnd((hosts) => hosts.nodes.first.task('at the end beside ' + names(hosts.peers), { met: async () => true, apply: async () => {} }))
    await peers.each((node) => node.task('looked at', { met: async () => node.facts.hostname === node.name, apply: async () => {} }))
  },`,
      alone: `
  async run({ nodes, peers }) {
    ${names}
    nodes.first.note('alone on ' + names(nodes) + ', beside ' + names(peers))
  },`,
    },
    play,
  )
const notes = (events: Awaited<ReturnType<ReturnType<typeof site>['run']>>['events']): string[] =>
  events.flatMap((event) => (event.type === 'note' ? [event.message] : []))

test('a role that asks for peers has the hosts that --limit leaves out, and another one has not', async () => {
  const run = await site().run('--limit', 'server2')
  expect(run.exitCode, run.output).toBe(0)
  expect(notes(run.events)).toEqual([
    'works on server2, beside server1 server3',
    'alone on server2, beside nobody',
  ])
  expect(taskEnds(run.events)).toEqual([
    'server1 looked at ok',
    'server3 looked at ok',
    'server2 at the end beside server1 server3 ok',
  ])
})

test('without --limit there are none; with serial the hosts of the other batches are', async () => {
  expect(notes((await site().run()).events)[0]).toBe('works on server1 server2 server3, beside nobody')
  const inTurn = await site(['serial: 2']).run()
  expect(notes(inTurn.events).filter((note) => note.startsWith('works'))).toEqual([
    'works on server1 server2, beside server3',
    'works on server3, beside server1 server2',
  ])
})

test('they are there to be looked at before anything is changed, too', async () => {
  const look = (peers: string) => `${peers}
  async inspect({ nodes, peers }) {
    ${names}
    await peers.each(async (node) => { await node.$.read\`hostname\` })
    if (names(peers) !== '${peers === '' ? 'nobody' : 'server1 server3'}') throw new Error(names(nodes) + ' beside ' + names(peers))
  },
  async run() {},`
  const run = await engineProject(lab, { join: look('\n  peers: true,'), alone: look('') }).run(
    '--limit',
    'server2',
  )
  expect(run.exitCode, run.output).toBe(0)
  const looks = run.events.flatMap((event) =>
    event.type === 'look' ? [`${event.role} on ${event.host}`] : [],
  )
  expect(looks.toSorted()).toEqual(['join on server1', 'join on server3'])
})

test('a peer that fails ends the run', async () => {
  const run = await engineProject(lab, {
    join: `
  peers: true,
  async run({ nodes, peers }) {
    await peers.named('server3').first.$\`exit 3\`
    nodes.first.note('gone on')
  },`,
  }).run('--limit', 'server2')
  expect(run.exitCode, run.output).toBe(2)
  expect(notes(run.events)).toEqual([])
})

test('without a peer nothing begins', async () => {
  await lab.exec('server3', 'systemctl stop ssh.socket ssh.service')
  try {
    const run = await site(['any_errors_fatal: false']).run('--limit', 'server2')
    expect(run.exitCode, run.output).toBe(4)
    expect(notes(run.events)).toEqual([])
    expect(runEnd(run.events).error?.message).toMatch(/^server3 could not be reached; nothing was changed/)
  } finally {
    await lab.exec('server3', 'systemctl start ssh.service')
  }
})
