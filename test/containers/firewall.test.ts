import { afterAll, beforeAll, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { endOf, engineProject, errorsIn, taskEnds } from '../support/engine_project.ts'
import type { EngineProject } from '../support/engine_project.ts'
import { until } from '../support/until.ts'

// server1 has firewalld, server2 nftables with a file of its own, server3 is a stranger, and later has ufw and iptables.
let lab: Lab

const TOOLS = ['firewalld', 'nftables', 'ufw', 'iptables']
const done = async (node: string, script: string): Promise<string> => {
  const { exitCode, stdout, stderr } = await lab.exec(node, script)
  if (exitCode !== 0) throw new Error(`${node}: ${script}: ${stdout}${stderr}`)
  return stdout.trim()
}
const install = (node: string, ...names: string[]): Promise<string> =>
  done(node, `apt-get -q -y --no-install-recommends install ${names.join(' ')} >/dev/null 2>&1`)

const RULES = `#!/usr/sbin/nft -f
flush ruleset
table inet filter {
  chain input {
    type filter hook input priority 0; policy drop;
    iif lo accept
    ct state established,related accept
    tcp dport 22 accept
  }
}
`

/** Answers on the ports of pcsd, DRBD, corosync, and one that is nobody's. */
const LISTEN = `
for port in 2224 7789 9999; do
  printf '[Socket]\\nListenStream=%s\\nAccept=yes\\n' $port >/run/systemd/system/answer-$port.socket
  printf '[Service]\\nExecStart=echo hello\\nStandardOutput=socket\\n' >/run/systemd/system/answer-$port@.service
done
printf '[Socket]\\nListenDatagram=5405\\n' >/run/systemd/system/hear.socket
printf '[Unit]\\nStartLimitIntervalSec=0\\n[Service]\\nExecStart=sh -c "head -c 5 <&3 >>/run/heard"\\n' >/run/systemd/system/hear.service
systemctl daemon-reload
systemctl start answer-2224.socket answer-7789.socket answer-9999.socket hear.socket`

beforeAll(async () => {
  lab = await raiseLab({ nodes: 3, warm: TOOLS })
  await install('server1', 'firewalld')
  await install('server2', 'nftables')
  await lab.exec('server2', 'cat >/etc/nftables.conf', { input: RULES })
  await done('server2', 'systemctl enable --now nftables')
  for (const node of ['server1', 'server2']) await done(node, LISTEN)
  for (const node of ['server1', 'server2', 'server3'])
    addresses.set(node, await done(node, 'ip -o -4 addr show dev host0 | sed "s/.* inet //; s,/.*,,"'))
})
afterAll(() => lab?.down())

const RESOURCES = (addresses: ReadonlyMap<string, string>): string =>
  JSON.stringify([
    {
      name: 'r0',
      nodes: ['server1', 'server2'].map((name, at) => ({
        name,
        node_id: at,
        address: addresses.get(name),
        port: 7789,
      })),
      volumes: [{ volume: 0, minor: 0, disks: { server1: '/dev/sdb', server2: '/dev/sdb' } }],
    },
  ])

const addresses = new Map<string, string>()
function site(hosts = 'server1:server2', vars: Record<string, string> = {}): EngineProject {
  const lines = { drbd_resources: RESOURCES(addresses), ...vars }
  const project = engineProject(lab, {})
  project.write({
    'site.yml': `- name: Firewall\n  hosts: ${hosts}\n  vars:\n${Object.entries(lines)
      .map(([name, value]) => `    ${name}: ${value}\n`)
      .join('')}  roles: [firewall]\n`,
  })
  return project
}

/** Whether a connection from one node to another's port is answered. */
async function reaches(from: string, to: string, port: number): Promise<boolean> {
  const script = `timeout 2 bash -c 'exec 3<>/dev/tcp/${addresses.get(to)}/${port} && head -c 5 <&3'`
  return (await lab.exec(from, script)).stdout === 'hello'
}

async function expectOpen(): Promise<void> {
  for (const [from, to] of [
    ['server1', 'server2'],
    ['server2', 'server1'],
  ] as const) {
    for (const port of [2224, 7789]) await until(() => reaches(from, to, port))
    expect([from, to, 9999, await reaches(from, to, 9999)]).toContain(false)
    expect(['server3', to, 2224, await reaches('server3', to, 2224)]).toContain(false)
    await done(to, 'rm -f /run/heard')
    await until(async () => {
      await done(from, `bash -c 'echo -n hello >/dev/udp/${addresses.get(to)}/5405'`)
      return (await lab.exec(to, 'cat /run/heard')).stdout.startsWith('hello')
    })
  }
}

test('what was closed is open to the other node, also after a restart, and to nobody else', async () => {
  const project = site()
  for (const [from, to] of [
    ['server1', 'server2'],
    ['server2', 'server1'],
  ] as const)
    expect(await reaches(from, to, 2224)).toBe(false)

  const check = await project.run('--check')
  expect(check.exitCode, check.output).toBe(0)
  expect(await reaches('server1', 'server2', 2224)).toBe(false)
  const planned = endOf(check.events, 'server1', 'firewalld 3 openings').changes.map(({ summary }) => summary)
  expect(planned).toEqual([
    `accept udp 5404-5412 from ${addresses.get('server2')} in the zone public`,
    `accept tcp 2224 from ${addresses.get('server2')} in the zone public`,
    `accept tcp 7789 from ${addresses.get('server2')} in the zone public`,
  ])

  const run = await project.run()
  expect(run.exitCode, run.output).toBe(0)
  await expectOpen()

  const again = await project.run()
  expect(again.exitCode, again.output).toBe(0)
  expect(taskEnds(again.events).filter((line) => !line.endsWith(' ok'))).toEqual([])

  // Only once all is loaded it answers.
  await done('server1', 'systemctl restart firewalld && firewall-cmd --state')
  await done('server2', 'systemctl restart nftables')
  await expectOpen()
  // A node by itself shuts none of the others out.
  const alone = await project.run('--limit', 'server2')
  expect(alone.exitCode, alone.output).toBe(0)
  await expectOpen()
})

test('rules of the file that are gone from the kernel come back, and the other way round', async () => {
  const project = site()
  await done(
    'server1',
    `firewall-cmd --reload; firewall-cmd --remove-rich-rule='rule family="ipv4" source address="${addresses.get('server2')}" port port="2224" protocol="tcp" accept'`,
  )
  await lab.exec('server2', 'cat >/etc/nftables.conf', { input: RULES })
  expect(await reaches('server2', 'server1', 2224)).toBe(false)
  const run = await project.run()
  expect(run.exitCode, run.output).toBe(0)
  await done('server2', 'systemctl restart nftables')
  await expectOpen()
})

test('a firewall that only the next boot would start is told', async () => {
  await done('server1', 'systemctl stop firewalld')
  const run = await site().run()
  expect(errorsIn(run.events)).toMatchObject([
    { code: 'REFUSED', seen: 'firewalld does not run now, but will after the next boot' },
  ])
  await done('server1', 'systemctl start firewalld')
})

/** The commands that the error says to type. */
const commandsIn = (run: Awaited<ReturnType<EngineProject['run']>>): string[] =>
  (errorsIn(run.events)[0]?.remedy ?? '').split('\n').slice(1)

test.each([
  ['ufw', 'ufw allow 22/tcp && ufw --force enable'],
  [
    'iptables',
    'ufw --force disable; iptables -F; iptables -A INPUT -i lo -j ACCEPT; iptables -A INPUT -p tcp --dport 22 -j ACCEPT; iptables -A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT; iptables -P INPUT DROP',
  ],
])('with %s the run stops with the commands to type, and goes on once they are', async (_, begin) => {
  await install('server3', 'ufw', 'iptables', 'nftables')
  await done('server3', LISTEN)
  await done('server3', begin)
  const project = site('server2:server3')
  expect(await reaches('server2', 'server3', 2224)).toBe(false)
  const refused = await project.run()
  expect(refused.exitCode, refused.output).toBe(2)
  const commands = commandsIn(refused)
  expect(commands).toHaveLength(2)
  await done('server3', commands.join(' && '))
  const run = await project.run()
  expect(run.exitCode, run.output).toBe(0)
  expect(await reaches('server2', 'server3', 2224)).toBe(true)
  expect(await reaches('server1', 'server3', 2224)).toBe(false)
})

test('off: nothing filters any more, also after a boot', async () => {
  const project = site('server1:server2', { firewall: '"off"' })
  const run = await project.run()
  expect(run.exitCode, run.output).toBe(0)
  for (const [node, unit] of [
    ['server1', 'firewalld'],
    ['server2', 'nftables'],
  ] as const)
    expect((await lab.exec(node, `systemctl is-enabled ${unit}; systemctl is-active ${unit}`)).stdout).toBe(
      'disabled\ninactive\n',
    )
  expect(await reaches('server3', 'server2', 9999)).toBe(true)
  const again = await project.run()
  expect(taskEnds(again.events).filter((line) => !line.endsWith(' ok'))).toEqual([])
  const open = await site().run()
  expect(open.exitCode, open.output).toBe(0)
  expect(open.events).toContainEqual(
    expect.objectContaining({ type: 'note', message: 'nothing filters here: no ports to open' }),
  )
})
