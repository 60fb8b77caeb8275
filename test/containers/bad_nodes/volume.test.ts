import { open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { raiseLab } from '../../../scripts/lab/raise.ts'
import type { Lab } from '../../../scripts/lab/raise.ts'
import { endOf, engineProject } from '../../support/engine_project.ts'
import type { RunResult } from '../../support/bringup.ts'
import { processes } from '../connection/lab_host.ts'

let lab: Lab
beforeAll(async () => void (lab = await raiseLab({ nodes: 1 })))
afterAll(() => lab?.down())

const MIB = 1024 * 1024

/** What the process of a run took at most, as its last role said. */
function mostMemory({ events, output }: RunResult): number {
  const note = events.findLast((event) => event.type === 'warning')
  const [, kib] = /^most memory: (\d+)$/.exec(note?.type === 'warning' ? note.message : '') ?? []
  expect(kib, output).toBeDefined()
  return (Number(kib) * 1024) / MIB
}

/** Roles run on the controller. */
const TELL = 'warn(`most memory: ${process.resourceUsage().maxRSS}`)'

test('much output is cut off: the command is ended on the node, and the controller does not fill up', async () => {
  const site = engineProject(lab, {
    much: `
  async run({ nodes, warn }) {
    const much = nodes.first.task('much', {
      met: async () => false,
      apply: ({ $ }) => $\`head -c 104857600 /dev/zero; sleep 8300\`,
    })
    await much.catch((error) => { ${TELL}; throw error })
  },`,
  })
  const run = await site.run()
  expect(run.exitCode, run.output).toBe(2)
  expect(endOf(run.events, 'server1', 'much').error).toMatchObject({
    code: 'OUTPUT_TOO_LARGE',
    message: 'a command on server1 printed more than 67108864 bytes, and was ended',
    remedy: 'Let it write to a file there, or fetch the data with `download`.',
  })
  expect(await processes(lab, 'server1', '8300')).toEqual([])
  expect((await stat(site.journals()[0] ?? '')).size).toBeLessThan(MIB)
  expect(mostMemory(run)).toBeLessThan(400)
})

test('output of any bytes is kept as it is, and shown in an error without harm', async () => {
  const site = engineProject(lab, {
    binary: `
  async run({ nodes }) {
    const node = nodes.first
    const all = await node.$.read\`awk 'BEGIN { for (n = 0; n < 256; n++) printf "%c", n }' | od -An -v -tu1\`
    const bytes = all.stdout.trim().split(/\\s+/).map(Number)
    const raw = await node.$.read\`printf '\\\\000\\\\033[2J\\\\377\\\\303\\\\050 text'\`
    node.note(raw.buffer().toString('hex') + ' ' + bytes.length)
    await node.task('fails', {
      met: async () => false,
      apply: ({ $ }) => $\`printf '\\\\000\\\\033[2J\\\\033]0;title\\\\007\\\\377\\\\303\\\\050 the reason' >&2; exit 3\`,
    })
  },`,
  })
  const run = await site.runText()
  expect(run.exitCode, run.output + run.stdout).toBe(2)
  expect(run.stdout).toContain('001b5b324affc3282074657874 256')
  // No byte of it reaches the terminal as it was: no escape, no bell, no NUL.
  // oxlint-disable-next-line no-control-regex
  expect(run.stdout + run.stderr).not.toMatch(/[\0-\x08\x0b-\x1f\x7f]/)
  expect(run.stdout).toMatch(/the reason/)
})

test('a file of 2 GiB is sent as a stream, compared by its digest, and not sent twice', async () => {
  const site = engineProject(lab, {
    large: `
  async run({ nodes, warn }) {
    await nodes.first.file({ path: '/run/large/file', source: 'large' })
    ${TELL}
  },`,
  })
  const size = 2048 * MIB
  // Sparse: it takes no room here, and is sent all the same.
  const file = await open(join(site.directory, 'large'), 'w')
  await file.write('begin')
  await file.write('end', size - 3)
  await file.close()
  await lab.exec('server1', 'mkdir /run/large; mount -t tmpfs -o size=2100m none /run/large')
  const first = await site.run()
  expect(first.exitCode, first.output).toBe(0)
  expect(first.changed).toEqual(['server1 file /run/large/file'])
  expect(mostMemory(first)).toBeLessThan(400)
  const seen = await lab.exec('server1', 'cd /run/large; ls -A; stat -c %s file; tail -c 3 file')
  expect(seen.stdout).toBe(`file\n${size}\nend`)
  const second = await site.run()
  expect(second.exitCode, second.output).toBe(0)
  expect(second.changed).toEqual([])
  await lab.exec('server1', 'umount /run/large')
})
