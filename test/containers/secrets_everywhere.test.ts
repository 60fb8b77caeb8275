import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { armor, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { $ } from 'zx/core'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { engineProject } from '../support/engine_project.ts'
import type { EngineProject } from '../support/engine_project.ts'
import { needlesOf } from '../support/needles.ts'
import { onTerminal } from '../support/on_terminal.ts'
import { watchProcesses } from '../support/process_watch.ts'
import { until } from '../support/until.ts'
import { found, leakedBelow, leakedOnNode, markTime } from '../support/written_files.ts'

let lab: Lab
beforeAll(async () => void (lab = await raiseLab({ nodes: 2 })))
afterAll(() => lab?.down())

const word = (): string => randomBytes(12).toString('base64url')

/** One secret for each way in which one comes in; with all that has to be quoted somewhere. */
const secrets = {
  env: `E'${word()} "$x" <&> \\${word()}%ü`,
  age: `age-${word()}/${word()}+?`,
  file: Array.from({ length: 8 }, () => randomBytes(48).toString('base64')).join('\n'),
  prompt: `typed-${word()}`,
  passphrase: `phrase-${word()}`,
  made: `made-${word()}`,
}

/** What a command can make of a secret that it gets on its standard input, before it fails. */
const PRINT = `s=$(cat; echo .); s=\${s%.}
printf '%s\\n' "$s"; printf '%s\\n' "$s" >&2
printf '%s' "$s" | head -c 9; sleep 0.1; printf '%s' "$s" | tail -c +10; echo
printf '%s' "$s" | base64; printf '%s' "$s" | base64 -w 0; echo
printf 'Authorization: Basic %s\\n' "$(printf 'user:%s' "$s" | base64 -w 0)"
printf '%s' "$s" | base64 -w 0 | base64 -d; echo
printf '%s' "$s" | perl -0777 -pe 's/([^A-Za-z0-9_.~-])/sprintf "%%%02X", ord $1/ge'; echo
printf '%s' "$s" | perl -0777 -pe 's/(["\\\\])/\\\\$1/g; s/\\n/\\\\n/g' >&2; echo >&2
set -x; : "$s"; set +x
exit 9`

const ROLE = `
  vars: z.strictObject({ by_env: secret(), by_age: secret(), by_file: secret(), by_prompt: secret() }),
  async run({ nodes, vars, warn }) {
    const made = await nodes.first.readSecret('/etc/made')
    const all = { ...vars, made }
    await nodes.each(async (node) => {
      await node.directory({ path: '/etc/kept', mode: '0700' })
      for (const [name, content] of Object.entries(all)) {
        await node.file({ path: '/etc/kept/' + name, content, mode: '0600' })
        await node.$({ input: content })\`sleep 0.1; wc -c\`
      }
      const text = Object.values(all).map((one) => 'password = ' + one.reveal() + '\\n').join('')
      await node.file({ path: '/etc/kept/app.conf', content: text, mode: '0600' })
      await node.line({ path: '/etc/kept/app.conf', line: 'by_line = ' + vars.by_env.reveal() })
      await node.user({ name: 'app', password: vars.by_age })
      node.note('with ' + vars.by_prompt.reveal())
    })
    warn('made: ' + made.reveal())
    // What was typed for the login is a secret too, though no role knows it.
    await nodes.each((node) => node.$\`cat /root/typed\`)
    for (const [name, value] of Object.entries(all))
      await nodes.first.$({ input: value, nothrow: true })\`sh -c \${PRINT}\`
    await nodes.each((node) => node.task('all of it: ' + text(all), {
      met: async () => text(all),
      apply: ({ $ }) => $({ input: vars.by_file })\`sh -c \${PRINT}\`,
    }))
  },`

const PREPARE = `
const PRINT = ${JSON.stringify(PRINT)}
const text = (all) => JSON.stringify(Object.values(all).map((one) => one.reveal()))
`

/** A project whose two hosts are reached with a typed passphrase, and with a password for sshd and sudo. */
async function prepare(): Promise<{ site: EngineProject; env: Record<string, string>; given: string[] }> {
  const site = engineProject(lab, { keeps: ROLE })
  const identity = await generateX25519Identity()
  const encrypter = new Encrypter()
  encrypter.addRecipient(await identityToRecipient(identity))
  const armored = armor.encode(await encrypter.encrypt(secrets.age))
  const role = execFileSync('cat', [join(site.directory, 'roles/keeps/role.ts')], { encoding: 'utf8' })
  site.write({
    'roles/keeps/role.ts': role.replace('\n\n', `\n${PREPARE}\n`),
    'identity.txt': `${identity}\n`,
    'file.secret': `${secrets.file}\n`,
    'login.secret': `${lab.adminPassword.reveal()}\n`,
    'more.yml': `all:
  vars:
    by_env: !env BY_ENV
    by_file: !file file.secret
    by_prompt: !prompt "The word"
    by_age: !age |
${armored.trimEnd().replace(/^/gm, '      ')}
  children:
    cluster:
      hosts:
        server1: { user: admin, become: true, identity_file: stranger, password: !file login.secret }
        server2: { identity_file: locked }
`,
  })
  copyFileSync(lab.key, join(site.directory, 'locked'))
  execFileSync('ssh-keygen', [
    '-q',
    '-p',
    '-P',
    '',
    '-N',
    secrets.passphrase,
    '-f',
    join(site.directory, 'locked'),
  ])
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(site.directory, 'stranger')])
  for (const folder of ['home', 'tmp']) mkdirSync(join(site.directory, folder))
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: join(site.directory, 'home'),
    TMPDIR: join(site.directory, 'tmp'),
    TERM: 'dumb',
    BY_ENV: secrets.env,
    BRINGUP_AGE_IDENTITY: 'identity.txt',
  }
  return { site, env, given: ['file.secret', 'login.secret', 'identity.txt', 'more.yml'] }
}

describe('secrets that came in by every way', () => {
  test.each([
    ['text', ['--diff']],
    ['json', ['--output', 'json']],
  ])('are nowhere but where they belong, with a report in %s', async (_, options) => {
    const { site, env, given } = await prepare()
    const login = lab.adminPassword.reveal()
    for (const { name } of lab.nodes)
      await lab.exec(name, 'userdel app; rm -rf /etc/kept; cat >/etc/made', { input: secrets.made })
    await lab.exec('server1', 'cat >/root/typed', { input: `sudo: ${login}\n` })
    await lab.exec('server2', 'cat >/root/typed', { input: `key: ${secrets.passphrase}\n` })
    await markTime(lab)
    const needles = [...Object.values(secrets), login].flatMap(needlesOf)
    const watch = await watchProcesses(needles)

    const args = ['run', 'site.yml', '-i', lab.inventory, '-i', 'more.yml', ...options]
    const answers = {
      'The word: ': secrets.prompt,
      'sudo password of admin on server1: ': login,
      [`Passphrase of ${join(site.directory, 'locked')}: `]: secrets.passphrase,
    }
    const { exitCode, output, unasked } = await onTerminal(args, answers, { cwd: site.directory, env })
    expect(await watch.end()).toEqual([])
    expect(unasked, output).toEqual([])
    expect(exitCode, output).toBe(2)
    // It did get there, and it was printed.
    expect((await lab.exec('server2', 'cat /etc/kept/by_env')).stdout).toBe(secrets.env)
    expect(output).toContain('•••')
    expect(output).toContain('ended with status 9')

    const page = await $({
      cwd: site.directory,
      env,
      quiet: true,
    })`${process.execPath} ${bringup} report --output -`
    expect(page.stdout).toContain('ended with status 9')
    expect(found(output, needles)).toEqual([])
    expect(found(page.stdout, needles)).toEqual([])
    expect(leakedBelow(site.directory, needles, given)).toEqual([])
    for (const { name } of lab.nodes) {
      const kept = ['app.conf', 'by_age', 'by_env', 'by_file', 'by_prompt', 'made']
      expect((await leakedOnNode(lab, name, needles)).toSorted()).toEqual(
        kept.map((file) => `/etc/kept/${file}`),
      )
    }
  })

  test('would be found', async () => {
    const secret = `visible-${word()}`
    const needles = needlesOf(secret)
    await markTime(lab)
    const watch = await watchProcesses(needles)
    const waiting = 'until [ -e /run/go-on ]; do sleep 0.05; done; :'
    const shown = lab.exec('server1', ['sh', '-c', `${waiting} "$0"`, secret])
    const inEnvironment = lab.exec('server1', ['env', `SHOWN=${secret}`, 'sh', '-c', waiting])
    await until(
      async () => (await lab.exec('server1', ['pgrep', '-fc', '^sh -c until .*go-on'])).stdout.trim() === '2',
    )
    await watch.round()
    await lab.exec('server1', 'touch /run/go-on')
    await Promise.all([shown, inEnvironment])
    await lab.exec('server1', 'cat >/dev/shm/here; logger <//dev/shm/here', { input: secret })
    const seen = await watch.end()
    expect(seen).toContainEqual(expect.stringContaining(`node cmdline: sh -c ${waiting} "$0" ${secret}`))
    expect(seen).toContainEqual(expect.stringMatching(/^node environ: /))
    expect(await leakedOnNode(lab, 'server1', needles)).toEqual(
      expect.arrayContaining(['/dev/shm/here', 'the journal']),
    )
  })
})

const bringup = new URL('../../bin/bringup.js', import.meta.url).pathname
