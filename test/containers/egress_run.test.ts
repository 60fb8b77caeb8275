import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { $ } from 'zx/core'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import type { RunEvent } from '../../src/run/events.ts'
import type { RunResult, StartedRun } from '../support/bringup.ts'
import { engineProject, errorsIn } from '../support/engine_project.ts'
import type { EngineProject } from '../support/engine_project.ts'
import { until } from '../support/until.ts'

// The controller works inside of the lab's network, where server2 is a site of the internet: it has an address of a
// network for documentation (RFC 5737), to which server1 has no route, and names that only the controller knows.
let lab: Lab
const SITE = '203.0.113.10'
const HOSTS = `127.0.0.1 localhost
${SITE} packages.example moved.example cdn.example lured.example
192.168.111.254 lan.example
127.0.0.1 loop.example
::ffff:192.168.111.254 mapped.example
`

beforeAll(async () => {
  lab = await raiseLab({ nodes: 2 })
  await $({ quiet: true })`nsenter --net=${lab.netns} ip addr add 203.0.113.1/24 dev br0`
  const site = await lab.exec('server2', ['bash', '-c', SERVE])
  expect(site.exitCode, site.stderr).toBe(0)
  await until(async () => (await lab.exec('server2', 'ss -Hltn sport = :8080')).stdout !== '')
  await lab.exec('server1', 'rm -f /etc/apt/sources.list.d/*; : >/etc/apt/sources.list')
})
afterAll(() => lab?.down())

/** A repository with one package, and two names under which it has moved elsewhere. */
const SERVE = `set -e
ip addr add ${SITE}/24 dev host0
mkdir -p /srv/site /root/tool/DEBIAN; cd /srv/site
printf 'Package: tool\\nVersion: 1.0\\nArchitecture: all\\nMaintainer: Nobody <nobody@example.org>\\nDescription: For a test\\n' >/root/tool/DEBIAN/control
dpkg-deb -b /root/tool tool.deb >/dev/null
{ cat /root/tool/DEBIAN/control; echo Filename: ./tool.deb; echo Size: $(stat -c %s tool.deb)
  echo SHA256: $(sha256sum tool.deb | cut -d ' ' -f 1); } >Packages
cat >/root/serve.pl <<'PERL'
use IO::Socket::INET;
my %moved = ('moved.example' => 'cdn.example:8080', 'lured.example' => '192.168.111.254:8080');
my $listening = IO::Socket::INET->new(LocalPort => 8080, Listen => 20, ReuseAddr => 1) or die;
while (my $client = $listening->accept) {
  my ($request, $host) = (scalar <$client>, '');
  while (my $line = <$client>) { last if $line =~ /^\\r?$/; $host = $1 if $line =~ /^host: ([^:\\r]+)/i }
  my ($path) = $request =~ m{^GET (/[^ ]*)};
  $path =~ s{/\\./}{/}g;
  if ($moved{$host}) { print $client "HTTP/1.1 302 Found\\r\\nLocation: http://$moved{$host}$path\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n" }
  elsif (open my $file, '<', "/srv/site$path" and -f "/srv/site$path") {
    local $/; my $content = <$file>;
    print $client "HTTP/1.1 200 OK\\r\\nContent-Length: " . length($content) . "\\r\\nConnection: close\\r\\n\\r\\n$content" }
  else { print $client "HTTP/1.1 404 Not Found\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n" }
  close $client;
}
PERL
systemd-run -q --unit=site perl /root/serve.pl`

/** A role that adds a source, and then takes a package from it. */
const addsSource = (host: string): string => `
  async run({ nodes }) {
    const node = nodes.first
    await node.file({ path: '/etc/apt/sources.list.d/site.list', content: 'deb [trusted=yes] http://${host}:8080/ ./\\n' })
    await node.$\`ss -Hltn\`
    await node.package({ names: 'tool' })
  },`

async function start(site: EngineProject, more: readonly string[] = []): Promise<StartedRun> {
  await lab.exec('server1', 'dpkg --purge tool; rm -rf /etc/apt/sources.list.d/* /run/bringup')
  const hosts = join(site.directory, 'hosts')
  writeFileSync(hosts, HOSTS)
  const mounted = 'mount --bind "$0" /etc/hosts && exec "$@"'
  const within = ['nsenter', `--net=${lab.netns}`, 'unshare', '--mount', 'sh', '-c', mounted, hosts]
  return site.start(['--limit', 'server1', ...more], { within })
}

const run = async (site: EngineProject, more: readonly string[] = []): Promise<RunResult> =>
  (await start(site, more)).ended

const of = <T extends RunEvent['type']>(type: T, { events }: RunResult) =>
  events.filter((event): event is Extract<(typeof events)[number], { type: T }> => event.type === type)

const listening = async (): Promise<string> => (await lab.exec('server1', 'ss -Hltn')).stdout

test('a source that a role adds is reached from then on; the list is on record; nothing is left', async () => {
  const before = await listening()
  const site = engineProject(lab, { tool: addsSource('packages.example') })
  const first = await run(site)
  expect(first.exitCode, first.output).toBe(0)
  expect((await lab.exec('server1', 'dpkg-query -W tool')).stdout).toBe('tool\t1.0\n')
  expect(of('egress', first)).toMatchObject([
    { host: 'server1', allowed: [] },
    { host: 'server1', allowed: ['packages.example:8080'] },
  ])
  expect(of('egress_refused', first)).toEqual([])
  // While it lasted, the way was a port of the node's loopback; now it is gone.
  const [during = ''] = of('task_end', first).flatMap(({ task, commands }) =>
    task === '$ ss -Hltn' ? commands.map(({ stdout }) => stdout) : [],
  )
  expect(during.split('\n').length).toBe(before.split('\n').length + 1)
  await until(async () => (await listening()) === before)
  const said = await site.runText('--limit', 'server1')
  expect(said.stdout).not.toContain('packages.example')
})

test('what a source redirects to is refused by name, until the inventory allows it', async () => {
  const site = engineProject(lab, { tool: addsSource('moved.example') })
  const refused = await run(site)
  expect(refused.exitCode, refused.output).toBe(2)
  expect(errorsIn(refused.events)).toEqual([
    expect.objectContaining({
      code: 'EGRESS_REFUSED',
      task: 'package tool',
      message: expect.stringContaining('cdn.example:8080 is not on the list of places') as string,
      expected: 'one of the places that it may reach: moved.example:8080',
      seen: expect.stringMatching(/403 .*bringup: cdn\.example:8080 is not on the list/) as string,
      remedy: "Where that is meant, add it in the inventory: egress_allow: ['cdn.example:8080'].",
    }),
  ])
  expect(of('egress_refused', refused)).toMatchObject([{ host: 'server1', place: 'cdn.example:8080' }])
  site.write({ 'allow.yml': "all: { vars: { egress_allow: ['*.example:8080'] } }\n" })
  const allowed = await run(site, ['-i', 'allow.yml'])
  expect(allowed.exitCode, allowed.output).toBe(0)
  expect((await lab.exec('server1', 'dpkg-query -W tool')).stdout).toBe('tool\t1.0\n')
})

test.each([
  ['a name of a private network', 'lan.example'],
  ['a name of the controller’s loopback', 'loop.example'],
  ['a name with IPv4 in IPv6', 'mapped.example'],
  ['a redirect to a private address', 'lured.example'],
])('%s stays out of reach, whatever the inventory allows', async (_, host) => {
  const site = engineProject(lab, { tool: addsSource(host) })
  site.write({ 'allow.yml': "all: { vars: { egress_allow: ['*.example:8080'] } }\n" })
  const { exitCode, events, output } = await run(site, ['-i', 'allow.yml'])
  expect(exitCode, output).toBe(2)
  expect(errorsIn(events)).toEqual([
    expect.objectContaining({
      code: 'EGRESS_REFUSED',
      message: expect.stringMatching(/is .* in a private network of the controller/) as string,
    }),
  ])
})

test('a controller that is killed takes the way with it', async () => {
  const before = await listening()
  const site = engineProject(lab, { waits: 'async run({ nodes }) { await nodes.first.$`sleep 60` },' })
  const waiting = await start(site)
  await waiting.seen(({ type }) => type === 'task_start')
  expect(await listening()).not.toBe(before)
  process.kill(waiting.pid, 'SIGKILL')
  await waiting.ended
  await until(async () => (await listening()) === before)
})

test('facts say what a host may reach, without the passwords in its sources', async () => {
  const source = 'deb http://user:s3cret-word@mirror.example:3142/debian bookworm main'
  await lab.exec('server1', `echo '${source}' >/etc/apt/sources.list.d/site.list`)
  const { stdout } = await $({
    quiet: true,
  })`node bin/bringup.js facts -i ${lab.inventory} --limit server1 --output json`
  expect(JSON.parse(stdout)).toMatchObject({
    server1: { packageSources: ['mirror.example:3142'], egress: ['mirror.example:3142'] },
  })
  expect(stdout).not.toContain('s3cret-word')
})
