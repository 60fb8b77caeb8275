import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import type { RunResult } from '../support/bringup.ts'
import { endOf, engineProject, errorsIn, runEnd } from '../support/engine_project.ts'
import type { EngineProject } from '../support/engine_project.ts'
import { needlesOf } from '../support/needles.ts'
import { watchProcesses } from '../support/process_watch.ts'

let lab: Lab
beforeAll(async () => void (lab = await raiseLab({ nodes: 2 })))
afterAll(() => lab?.down())

const on = async (node: string, script: string): Promise<string> =>
  (await lab.exec(node, script)).stdout.trim()

const bringup = new URL('../../bin/bringup.js', import.meta.url).pathname

const SECRET = "p'ss w0rd-$correct-horse"
const OLD = 'yesterdays-battery-staple'

/** Every file that the run has written in the project, and where the secret stands in one. */
function leaks(site: EngineProject, word: string): string[] {
  const files = readdirSync(join(site.directory, '.bringup'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  expect(files.length).toBeGreaterThan(0)
  return files.filter((file) => readFileSync(file, 'utf8').includes(word))
}

describe('a secret', () => {
  const role = `
  vars: z.strictObject({ app_password: secret() }),
  async run({ nodes, vars, warn }) {
    const password = vars.app_password
    await nodes.each(async (node) => {
      await node.file({ path: '/etc/secret', content: password, mode: '0600' })
      await node.file({ path: '/etc/app.conf', content: \`user = app\\npassword = \${password.reveal()}\\n\` })
      await node.$({ input: password })\`sleep 0.3; cat; echo\`
      node.note(\`the password is \${password.reveal()}\`)
      warn(\`and \${password}, or \${JSON.stringify({ password })}: \${password.reveal()}\`)
      await node.task(\`log in with \${password.reveal()}\`, {
        met: async () => \`refused \${password.reveal()}\`,
        apply: ({ $ }) => $({ input: password })\`cat >&2; exit 9\`,
      })
    })
  },`
  const inventory = 'all:\n  vars: { app_password: !env APP_PASSWORD }\n'

  async function run(site: EngineProject, output: 'text' | 'json', ...args: string[]): Promise<RunResult> {
    site.write({ 'secrets.yml': inventory })
    return site.start(['-i', 'secrets.yml', '--diff', ...args], { env: { APP_PASSWORD: SECRET }, output })
      .ended
  }

  test.each([
    ['text', 'a run'],
    ['json', 'a run'],
    ['text', 'a check', '--check'],
  ] as const)(
    'shows as ••• in %s of %s, in its journal, in its errors, and in no process list',
    async (output, _, ...args) => {
      for (const { name } of lab.nodes) await on(name, `echo ${OLD} >/etc/secret; rm -f /etc/app.conf`)
      const site = engineProject(lab, { app: role })
      const watch = await watchProcesses(needlesOf(SECRET))
      const { exitCode, stdout, stderr } = await run(site, output, ...args)
      expect(await watch.end()).toEqual([])
      expect(exitCode, stdout + stderr).toBe(args.length === 0 ? 2 : 0)
      for (const word of [SECRET, OLD]) {
        expect(stdout + stderr).not.toContain(word)
        // As JSON would write it.
        expect(stdout).not.toContain(JSON.stringify(word).slice(1, -1))
        expect(leaks(site, word)).toEqual([])
      }
      expect(stdout).toContain('password = •••')
      expect(stdout).toContain('the password is •••')
      if (args.length > 0) return
      expect(stdout).toContain('`cat >&2; exit 9` ended with status 9')
      expect(await on('server1', 'cat /etc/secret')).toBe(SECRET)
      expect(errorsIn(site.journal())).toContainEqual(
        expect.objectContaining({ task: 'log in with •••', seen: '•••' }),
      )
    },
  )

  test('that a node made itself is known from when it was read', async () => {
    const site = engineProject(lab, {
      key: `
  async run({ nodes }) {
    const key = await nodes.first.readSecret('/etc/key')
    await nodes.first.$\`echo made; cat /etc/key; tr -d '\\n' </etc/key\`
    throw new Error(\`the key is \${key.reveal().trim()}\`)
  },`,
    })
    await on('server1', 'echo k3y-of-server1 >/etc/key')
    const { exitCode, events, stdout } = await site.run()
    expect(exitCode).toBe(2)
    expect(stdout).not.toContain('k3y-of-server1')
    expect(errorsIn(events)).toMatchObject([{ message: 'the key is •••' }])
    expect(leaks(site, 'k3y-of-server1')).toEqual([])
  })

  test('in the text of a command is refused', async () => {
    const site = engineProject(lab, {
      app: `
  vars: z.strictObject({ app_password: secret() }),
  async run({ nodes, vars }) {
    await nodes.each((node) => node.$\`echo \${vars.app_password}\`)
  },`,
    })
    const { exitCode, stdout, output } = await run(site, 'json')
    expect(exitCode, output).toBe(2)
    expect(stdout).toContain('SECRET_EXPOSED')
    expect(stdout).not.toContain(SECRET)
  })
})

describe('the journal', () => {
  test('is for its owner only, has what standard output has, and that is nothing but events', async () => {
    const site = engineProject(lab, {
      talks: `
  async run({ nodes }) {
    console.log('roles may talk')
    console.info({ to: 'people' })
    await nodes.each((node) => node.file({ path: '/etc/talked', content: 'x' }))
    await nodes.each((node) => node.$\`echo out; echo err >&2\`)
  },`,
    })
    const { exitCode, stdout, stderr, output } = await site.run()
    expect(exitCode, output).toBe(0)
    const [journal = ''] = site.journals()
    expect(readFileSync(journal, 'utf8')).toBe(stdout)
    expect(stderr).toContain('roles may talk')
    expect(statSync(journal).mode & 0o777).toBe(0o600)
    expect(statSync(join(journal, '..')).mode & 0o777).toBe(0o700)

    const events = site.journal()
    expect(events.every(({ time }) => new Date(time).toISOString() === time)).toBe(true)
    expect(endOf(events, 'server1', '$ echo out; echo err >&2')).toMatchObject({
      milliseconds: expect.any(Number) as number,
      commands: [{ code: 0, stdout: 'out\n', stderr: 'err\n', milliseconds: expect.any(Number) as number }],
    })
    expect(endOf(events, 'server2', 'file /etc/talked').commands).toMatchObject([
      { kind: 'script', code: 0, command: expect.stringContaining('/etc/talked') as string },
      { kind: 'script', code: 0 },
      { kind: 'script', code: 0 },
    ])
  })

  test('keeps the head and the tail of what is too long', async () => {
    const site = engineProject(lab, {
      loud: `
  async run({ nodes }) {
    const { stdout } = await nodes.first.$\`echo first; yes ö | tr -d '[:space:]' | head -c 3000000; echo; echo last\`
    nodes.first.note(String(stdout.length))
  },`,
    })
    const { exitCode, events, output } = await site.run()
    expect(exitCode, output).toBe(0)
    const [task] = events.flatMap((event) => (event.type === 'task_end' ? [event] : []))
    const kept = task?.commands[0]?.stdout ?? ''
    expect(kept).toMatch(/^first\nö+\n… \d+ bytes left out …\nö+\nlast\n$/)
    expect(Buffer.byteLength(kept)).toBeLessThan(66_000)
    // The role itself has all of it.
    expect(events).toContainEqual(expect.objectContaining({ type: 'note', message: '1500012' }))
  })

  test('goes on to its end when nobody reads the report any more', async () => {
    const site = engineProject(lab, {
      work: `
  async run({ nodes }) {
    for (const n of [1, 2, 3]) await nodes.each((node) => node.$\`sleep 0.1; echo \${n} >>/run/unread\`)
  },`,
    })
    await promisify(execFile)(
      'sh',
      [
        '-c',
        `"$0" "$1" run site.yml -i "$2" --output json | head -n 1`,
        process.execPath,
        bringup,
        lab.inventory,
      ],
      { cwd: site.directory },
    )
    expect(runEnd(site.journal())).toMatchObject({ outcome: 'done' })
    expect(await on('server2', 'cat /run/unread')).toBe('1\n2\n3')
  })

  test('that can not be written any more ends the run', async () => {
    const site = engineProject(lab, {
      work: `
  async run({ nodes }) {
    for (const n of [1, 2, 3, 4]) await nodes.each((node) => node.$\`head -c 3000 /dev/zero | tr '[:cntrl:]' x; echo \${n} >>/run/unrecorded\`)
  },`,
    })
    const { stdout } = await promisify(execFile)(
      'sh',
      [
        '-c',
        // As a full disk would, a file size limit of 8 KiB makes writing fail.
        `trap '' XFSZ; ulimit -f 16; "$0" "$1" run site.yml -i "$2"; echo "exit $?"`,
        process.execPath,
        bringup,
        lab.inventory,
      ],
      { cwd: site.directory },
    )
    expect(stdout).toContain('[JOURNAL_FAILED]')
    expect(stdout).toMatch(/seen +EFBIG/)
    expect(stdout).toContain('exit 1\n')
    expect(Number(await on('server1', 'wc -l </run/unrecorded'))).toBeLessThan(4)
  })
})
