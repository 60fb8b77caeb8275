import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { raiseLab } from '../../../scripts/lab/raise.ts'
import type { Lab } from '../../../scripts/lab/raise.ts'
import { packageOperation } from '../../../src/operations/package.ts'
import { labNode } from '../../support/lab_node.ts'
import type { LabNode } from '../../support/lab_node.ts'
import { errorsOf } from '../../support/project.ts'

let lab: Lab
let node: LabNode

/** Answers each request by its path: half a file under /half, nothing known under /gone. */
const SERVER = `use IO::Socket::INET;
my $server = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 8099, Listen => 9, ReuseAddr => 1) or die;
while (my $client = $server->accept) {
  my $request = <$client>;
  while (my $line = <$client>) { last if $line =~ /^\\r?\\n$/ }
  if ($request =~ m{ /half/}) { print $client "HTTP/1.1 200 OK\\r\\nContent-Length: 5000\\r\\n\\r\\nOrigin: half" }
  else { print $client "HTTP/1.1 404 Not Found\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n" }
  close $client;
}`

beforeAll(async () => {
  lab = await raiseLab({ nodes: 1 })
  node = await labNode(lab, 'server1')
  await node.sh(`mkdir -p /srv/made/DEBIAN /srv/mirror
    printf 'Package: mirrored\\nVersion: 1.0\\nArchitecture: all\\nMaintainer: nobody <nobody@example.org>\\nDescription: nothing\\n' >/srv/made/DEBIAN/control
    head -c 20000 /dev/urandom >/srv/made/data
    dpkg-deb --build /srv/made /srv/whole.deb >/dev/null
    { dpkg-deb -f /srv/whole.deb
      echo "Filename: ./mirrored.deb"
      echo "Size: $(stat -c %s /srv/whole.deb)"
      echo "SHA256: $(sha256sum /srv/whole.deb | cut -d ' ' -f 1)"
    } >/srv/mirror/Packages`)
  await lab.exec('server1', 'cat >/srv/server.pl; systemd-run --unit mirror perl /srv/server.pl', {
    input: SERVER,
  })
  await node.sh('until ss -Hltn sport = :8099 | grep -q .; do sleep 0.05; done')
})
afterAll(async () => {
  await node?.close()
  await lab?.down()
})

/** What a person reads where packages come from this source only. */
async function told(source: string): Promise<string> {
  await node.sh(`rm -rf /etc/apt/sources.list.d/* /var/lib/apt/lists/* /var/cache/apt/archives/*.deb
    echo 'deb [trusted=yes] ${source}' >/etc/apt/sources.list`)
  return errorsOf(() => node.perform(packageOperation, { names: 'mirrored' }))
}

describe('a broken mirror', () => {
  test.each([
    ['lacks a file that its lists name', 'rm -f /srv/mirror/mirrored.deb', 'File not found'],
    ['has half of it', 'head -c 9000 /srv/whole.deb >/srv/mirror/mirrored.deb', 'Hash Sum mismatch'],
    ['has another one', 'tr "a-y" "b-z" </srv/whole.deb >/srv/mirror/mirrored.deb', 'Hash Sum mismatch'],
  ])('that %s', async (_, breaking, reason) => {
    await node.sh(breaking)
    const report = await told('file:/srv/mirror ./')
    expect(report).toMatch(/^a package source does not give what its own lists say \[PACKAGE_UNAVAILABLE\]$/m)
    expect(report).toContain(reason)
    expect(report).toContain('Try again when the mirror is whole')
    expect(await node.sh('dpkg-query -W mirrored 2>&1 || :')).toMatch(/no packages found/)
  })

  test.each([
    ['whose name nobody knows', 'http://mirror.invalid/debian stable main', /mirror\.invalid/],
    ['that refuses connections', 'http://127.0.0.1:9/ ./', /127\.0\.0\.1:9.*Connection refused/],
    ['that breaks off', 'http://127.0.0.1:8099/half/ ./', /Failed to fetch http:\/\/127\.0\.0\.1:8099\/half/],
    ['that has no lists', 'http://127.0.0.1:8099/gone/ ./', /404 +Not Found/],
  ])('%s', async (_, source, reason) => {
    const report = await told(source)
    expect(report).toMatch(/^packages could not be fetched|^a package source/)
    expect(report).toMatch(reason)
  })
})
