import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { raiseLab } from '../../../scripts/lab/raise.ts'
import type { Lab } from '../../../scripts/lab/raise.ts'
import { startBringup } from '../../support/bringup.ts'
import { playbook, roleSource } from '../../support/engine_project.ts'
import { addFiles, project } from '../../support/project.ts'
import { until } from '../../support/until.ts'

let lab: Lab
beforeAll(async () => void (lab = await raiseLab({ nodes: 1 })))
afterAll(() => lab?.down())

const inLab = (...command: string[]): string =>
  execFileSync('nsenter', [`--net=${lab.netns}`, ...command], { encoding: 'utf8' })

/** A user of server1 with a start file of its login shell, and a line for sudo. */
async function addUser(name: string, startFile: string, sudo = '', shell = '/bin/bash'): Promise<void> {
  const script = `useradd -m -s ${shell} ${name}
install -d -o ${name} /home/${name}/.ssh
install -o ${name} /root/.ssh/authorized_keys /home/${name}/.ssh/
cat >/home/${name}/.bashrc
if [ -n '${sudo}' ]; then echo '${sudo}' >/etc/sudoers.d/${name}; fi`
  const made = await lab.exec('server1', ['sh', '-euc', script], { input: startFile })
  expect(made).toMatchObject({ exitCode: 0 })
}

/** Something on server1 that says one thing to everyone who connects, and then nothing. */
async function listen(port: number, words: string): Promise<void> {
  const program = `$l = IO::Socket::INET->new(Listen => 5, LocalPort => ${port}) or die; while ($c = $l->accept) { push @c, $c; syswrite $c, "${words}" }`
  // systemd takes a dollar for a variable of its own.
  const command = ['perl', '-MIO::Socket::INET', '-e', program.replaceAll('$', '$$$$')]
  expect(await lab.exec('server1', ['systemd-run', '-q', ...command])).toMatchObject({ exitCode: 0 })
  await until(async () => (await lab.exec('server1', `ss -Hltn sport = ${port}`)).stdout !== '')
}

const ANYTHING = `
  async run({ nodes }) {
    await nodes.each((node) => node.file({ path: '/run/changed', content: '' }))
  },`

/** What is told of each host, by name, with what differs from run to run left out. */
function told(stdout: string, hide: Readonly<Record<string, string>>): Record<string, string> {
  let text = stdout
  for (const [name, value] of Object.entries(hide)) text = text.replaceAll(value, name)
  const [unreachable = ''] = text.split('\n\n')
  const reports = unreachable.split(/^✗ /m).slice(1)
  return Object.fromEntries(
    reports.map((report) => {
      const [, host = '', words = ''] = /^(\S+) {2}\S+:\d+:\d+ ([^]*)$/.exec(report.trimEnd()) ?? []
      return [host, words.replaceAll(/^ {2}/gm, '').replaceAll(/(SHA256:|^ *sh: )[^\s:]+/gm, '$1…')]
    }),
  )
}

test('each way in that is barred is told apart, with what to do, and nothing is changed', async () => {
  const directory = project({
    'site.yml': playbook({ roles: ['anything'] }),
    'roles/anything/role.ts': roleSource('anything', ANYTHING),
  })
  const at = (name: string): string => join(directory, name)
  for (const key of ['stranger', 'other_host'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at(key)])
  const other = readFileSync(at('other_host.pub'), 'utf8')

  // Packets to this neighbour reach nobody, and nobody says so.
  inLab(...'ip neigh replace 192.168.111.78 lladdr 02:00:00:00:00:99 dev br0 nud permanent'.split(' '))
  await listen(2201, '')
  await listen(2202, 'HTTP/1.0 400 Bad Request\\r\\n')
  await addUser('powerless', '')
  await addUser('terminal', '', 'Defaults:terminal requiretty, !use_pty\nterminal ALL=(ALL) NOPASSWD: ALL')
  await addUser('nobodys', '', '', '/usr/sbin/nologin')
  await addUser('forced', '')
  await addUser('shell-less', 'PATH=/nonexistent\n')
  await addUser('reader', 'echo Your name, please?\nread -r name\n')
  await addUser('echoing', 'exec cat\n')
  // So many logins at once are more than sshd takes as it is set up.
  const settings = 'MaxStartups 100\nMatch User forced\n  ForceCommand echo Only backups here.\n'
  await lab.exec('server1', 'cat >>/etc/ssh/sshd_config; systemctl restart ssh', { input: settings })

  const hosts: Record<string, string> = {
    no_route: 'host: 10.99.0.1',
    no_machine: 'host: 192.168.111.77',
    dropped: 'host: 192.168.111.78',
    no_name: 'host: no-such-host.invalid',
    refused: 'port: 2200',
    mute: 'port: 2201',
    other_service: 'port: 2202',
    wrong_key: `identity_file: ${at('stranger')}`,
    unknown_host_key: `known_hosts: ${at('nothing')}`,
    changed_host_key: `known_hosts: ${at('known')}`,
    no_sudo_rights: 'user: powerless, become: true, become_password: !file sudo_password',
    wrong_sudo_password: 'user: admin, become: true, become_password: !file wrong_sudo_password',
    sudo_wants_terminal: 'user: terminal, become: true',
    nologin: 'user: nobodys',
    forced_command: 'user: forced',
    no_sh: 'user: shell-less',
    start_file_reads: 'user: reader',
    start_file_starts: 'user: echoing',
  }
  const address = lab.nodes[0]?.address ?? ''
  await lab.exec('server1', 'echo powerless:hunter22 | chpasswd')
  addFiles(directory, {
    sudo_password: 'hunter22\n',
    wrong_sudo_password: 'hunter23\n',
    known: `${address} ${other}`,
    'hosts.yml': [
      'all:',
      `  vars: { user: root, host: ${address}, identity_file: ${lab.key}, known_hosts: ${lab.knownHosts}, shares_address: true }`,
      '  children:',
      '    cluster:',
      '      hosts:',
      ...Object.entries(hosts).map(([name, text]) => `        ${name}: { ${text} }`),
      '',
    ].join('\n'),
  })
  const run = await startBringup(['site.yml', '-i', 'hosts.yml', '--forks', '9'], {
    cwd: directory,
    within: ['nsenter', `--net=${lab.netns}`],
    output: 'text',
    env: { HOME: directory, SSH_AUTH_SOCK: '' },
  }).ended
  expect(run.exitCode, run.output + run.stdout).toBe(4)
  const reports = told(run.stdout, { DIR: directory, KEY: lab.key, ADDRESS: address })
  expect(Object.keys(reports).toSorted()).toEqual(Object.keys(hosts).toSorted())
  expect(run.stdout).not.toMatch(/^\s+at /m)
  expect((await lab.exec('server1', 'ls /run/changed')).exitCode).toBe(2)
  expect(reports).toMatchInlineSnapshot(`
    {
      "changed_host_key": "the host key of ADDRESS is not the one in DIR/known:1; nothing was sent to it [HOST_KEY_CHANGED]
    expected  ssh-ed25519 SHA256:…
    seen      ssh-ed25519 SHA256:…
    next      Find out why. If the machine was installed anew: ssh-keygen -R 'ADDRESS' -f DIR/known",
      "dropped": "cannot reach 192.168.111.78:22: it does not answer [UNREACHABLE]
    next      See that the host is up and that no firewall drops the connection.",
      "forced_command": "logged in to forced_command, but no POSIX shell could be started there [UNREACHABLE]
    seen      Only backups here.
    next      Try \`ssh forced_command 'exec sh'\`: the login shell there, its start files and sshd's ForceCommand must let it through; start files may print, but not read or start something else.",
      "mute": "cannot reach ADDRESS:2201: it took the connection, but then did not answer [UNREACHABLE]
    next      See that it is sshd that listens there, and that the host does not hang.",
      "no_machine": "cannot reach 192.168.111.77:22: there is no way to it [UNREACHABLE]
    next      See that the host is up and the network between.",
      "no_name": "cannot reach no-such-host.invalid:22: the name could not be looked up [UNREACHABLE]
    next      See to DNS on this machine, or set \`host\` to its address.",
      "no_route": "cannot reach 10.99.0.1:22: there is no way to its network [UNREACHABLE]
    next      See to the routes of this machine, or set \`jump\`.",
      "no_sh": "logged in to no_sh, but no POSIX shell could be started there [UNREACHABLE]
    seen      bash: line 1: exec: sh: not found
    next      Try \`ssh no_sh 'exec sh'\`: the login shell there, its start files and sshd's ForceCommand must let it through; start files may print, but not read or start something else.",
      "no_sudo_rights": "powerless on no_sudo_rights may not use sudo [SUDO_REFUSED]
    seen      powerless is not in the sudoers file.
    next      Give the user sudo rights (visudo), or set another \`user\` for the host.",
      "nologin": "logged in to nologin, but no POSIX shell could be started there [UNREACHABLE]
    seen      This account is currently not available.
    next      Try \`ssh nologin 'exec sh'\`: the login shell there, its start files and sshd's ForceCommand must let it through; start files may print, but not read or start something else.",
      "other_service": "cannot reach ADDRESS:2202: it took the connection, but then did not answer [UNREACHABLE]
    next      See that it is sshd that listens there, and that the host does not hang.",
      "refused": "cannot reach ADDRESS:2200: nothing listens there [UNREACHABLE]
    next      See that sshd runs there, and on that port.",
      "start_file_reads": "logged in to start_file_reads, but no POSIX shell could be started there [UNREACHABLE]
    seen      Your name, please?
              sh: …: Syntax error: "}" unexpected
    next      Try \`ssh start_file_reads 'exec sh'\`: the login shell there, its start files and sshd's ForceCommand must let it through; start files may print, but not read or start something else.",
      "start_file_starts": "logged in to start_file_starts, but no POSIX shell could be started there [UNREACHABLE]
    seen      it sent back what it was sent
    next      Try \`ssh start_file_starts 'exec sh'\`: the login shell there, its start files and sshd's ForceCommand must let it through; start files may print, but not read or start something else.",
      "sudo_wants_terminal": "sudo on sudo_wants_terminal insists on a terminal (requiretty) [SUDO_REFUSED]
    seen      sudo: sorry, you must have a tty to run sudo
    next      Add \`Defaults:terminal !requiretty\` to sudoers (visudo -f /etc/sudoers.d/bringup), or log in as root.",
      "unknown_host_key": "the host key of ADDRESS is not known [HOST_KEY_UNKNOWN]
    expected  a key for ADDRESS in DIR/nothing
    seen      ssh-ed25519 SHA256:…
    next      Compare that fingerprint with \`ssh-keygen -lf /etc/ssh/ssh_host_…_key.pub\` on the host, then run with --accept-new.",
      "wrong_key": "ADDRESS did not let root in [AUTH_FAILED]
    seen      tried DIR/stranger; the host accepts publickey, password
    next      Make \`ssh root@ADDRESS\` work, as with ssh-copy-id, or set another user, key or password for it.",
      "wrong_sudo_password": "sudo on wrong_sudo_password did not accept the password of admin [SUDO_REFUSED]
    seen      Sorry, try again.
    next      Correct \`become_password\`.",
    }
  `)
})
