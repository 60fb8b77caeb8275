import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { packageOperation } from '../../src/operations/package.ts'
import { labNode } from '../support/lab_node.ts'
import type { LabNode } from '../support/lab_node.ts'

// A Debian node with dnf, and a repository of packages made there: what dnf and rpm do is the same everywhere.
let lab: Lab
let node: LabNode

beforeAll(async () => {
  const tools = ['dnf', 'rpm', 'createrepo-c']
  lab = await raiseLab({ nodes: 1, warm: tools })
  const debian = await labNode(lab, 'server1')
  await debian.perform(packageOperation, { names: tools, recommends: false })
  await debian.close()
  node = await labNode(lab, 'server1', { packageManager: 'dnf' })
  await node.sh(REPOSITORY)
})

afterAll(async () => {
  await node?.close()
  await lab?.down()
})

const REPOSITORY = `
mkdir -p /srv/repo /root/build /etc/yum.repos.d
cd /root/build
make() {
  cat >package.spec <<SPEC
Name: $1
Version: $2
Release: 1
Summary: For a test
License: MIT
BuildArch: noarch
$3
%description
For a test
$4
%files
SPEC
  rpmbuild -bb --define '_rpmdir /srv/repo' package.spec >/dev/null 2>&1
}
make tool 1.0
make tool 1.2
make needs-tool 1.0 'Requires: tool'
make epochal 1.0 'Epoch: 2'
make shell 1.0 'Provides: /bin/sh' '%post
touch /tmp/in-post
until [ -e /tmp/go-on ]; do sleep 0.1; done'
createrepo_c -q /srv/repo
cat >/etc/yum.repos.d/test.repo <<REPO
[test]
name=test
baseurl=file:///srv/repo
gpgcheck=0
REPO`

const summaries = (outcome: { changes: readonly { summary: string }[] }): string[] =>
  outcome.changes.map((change) => change.summary)

const failure = (attempt: Promise<unknown>): Promise<unknown> =>
  attempt.then(
    () => undefined,
    (error: unknown) => error,
  )

test('packages are installed, changed to a version, upgraded and removed', async () => {
  const first = { names: ['tool=1.0', 'epochal=1*'] }
  // Nothing is known of the sources before dnf has fetched their lists, which a check does not.
  expect(summaries(await node.check(packageOperation, first))).toEqual([
    'install tool 1.0',
    'install epochal 1*',
  ])
  await node.perform(packageOperation, first)
  expect(await node.sh('rpm -qa | sort')).toBe('epochal-1.0-1.noarch\ntool-1.0-1.noarch')
  expect(summaries(await node.perform(packageOperation, first))).toEqual([])

  expect(summaries(await node.perform(packageOperation, { names: 'tool' }))).toEqual([])
  expect(summaries(await node.check(packageOperation, { names: ['needs-tool', 'tool=1.2'] }))).toEqual([
    'install needs-tool 1.0-1',
    'change tool 1.0-1 → 1.2-1',
  ])
  const latest = { names: ['tool', 'epochal'], state: 'latest' } as const
  expect(summaries(await node.perform(packageOperation, latest))).toEqual(['upgrade tool 1.0-1 → 1.2-1'])
  expect(summaries(await node.perform(packageOperation, latest))).toEqual([])
  expect(summaries(await node.perform(packageOperation, { names: 'tool=1.0' }))).toEqual([
    'change tool 1.2-1 → 1.0-1',
  ])
  const gone = { names: ['tool', 'epochal'], state: 'absent' } as const
  expect(summaries(await node.perform(packageOperation, gone))).toEqual([
    'remove tool 1.0-1',
    'remove epochal 2:1.0-1',
  ])
  expect(summaries(await node.perform(packageOperation, gone))).toEqual([])
})

test('files of packages are installed at the very version that they hold, with what they need', async () => {
  const at = (name: string, version: string): string => `/srv/repo/noarch/${name}-${version}-1.noarch.rpm`
  const files = [at('needs-tool', '1.0'), at('epochal', '1.0')]
  expect(summaries(await node.check(packageOperation, { files: [...files, '/srv/to-come.rpm'] }))).toEqual([
    'install needs-tool 1.0-1',
    'install epochal 2:1.0-1',
    'install to-come.rpm',
  ])
  await node.perform(packageOperation, { files })
  expect(await node.sh('rpm -qa | sort')).toBe(
    'epochal-1.0-1.noarch\nneeds-tool-1.0-1.noarch\ntool-1.2-1.noarch',
  )
  expect(summaries(await node.perform(packageOperation, { files }))).toEqual([])
  expect(summaries(await node.perform(packageOperation, { files: [at('tool', '1.0')] }))).toEqual([
    'change tool 1.2-1 → 1.0-1',
  ])
  expect(await failure(node.perform(packageOperation, { files: ['/srv/gone.rpm'] }))).toMatchObject({
    code: 'PACKAGE_UNAVAILABLE',
    message: 'there is no package in /srv/gone.rpm',
    details: { seen: 'no such file' },
  })
  expect(await failure(node.perform(packageOperation, { files: ['/bin/ls'] }))).toMatchObject({
    message: 'there is no package in /bin/ls',
    details: { seen: expect.stringContaining('not an rpm package') as string },
  })
  await node.perform(packageOperation, { names: ['needs-tool', 'tool', 'epochal'], state: 'absent' })
})

test('a newer version is found as soon as the sources have it', async () => {
  await node.perform(packageOperation, { names: 'tool' })
  await node.sh(`cd /root/build && sed -i 's/^Name:.*/Name: tool/; s/^Version:.*/Version: 2.0/; /^Provides/d; /^%post/,/^until/d' package.spec
    rpmbuild -bb --define '_rpmdir /srv/repo' package.spec >/dev/null 2>&1; createrepo_c -q /srv/repo`)
  await node.sh('dnf -q clean expire-cache 2>/dev/null')
  expect(summaries(await node.perform(packageOperation, { names: 'tool', state: 'latest' }))).toEqual([
    'upgrade tool 1.2-1 → 2.0-1',
  ])
})

test('what the sources do not have is named', async () => {
  expect(await failure(node.perform(packageOperation, { names: ['tool', 'no-such'] }))).toMatchObject({
    code: 'PACKAGE_UNAVAILABLE',
    message: "the host's package sources do not have no-such",
  })
})

describe('without a way out of its own', () => {
  let upstream: http.Server
  const asked: string[] = []

  beforeAll(async () => {
    // As the controller's own proxy: it has one site, and another one that has moved there.
    upstream = http.createServer((request, response) => {
      const url = new URL(request.url ?? '')
      asked.push(url.href)
      if (url.hostname === 'moved.example')
        return void response.writeHead(302, { location: `http://cdn.example${url.pathname}` }).end()
      void lab.exec('server1', ['base64', '-w0', `/srv/repo${url.pathname}`]).then(({ exitCode, stdout }) => {
        response.writeHead(exitCode === 0 ? 200 : 404).end(Buffer.from(stdout, 'base64'))
      })
    })
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve))
    vi.stubEnv('http_proxy', `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`)
    await node.close()
    node = await labNode(lab, 'server1', { packageManager: 'dnf' })
    await node.sh('dnf -y -q remove tool needs-tool; mv /etc/yum.repos.d/test.repo /root')
  })
  afterAll(async () => {
    vi.unstubAllEnvs()
    upstream.close()
    await node.sh('rm /etc/yum.repos.d/*.repo; mv /root/test.repo /etc/yum.repos.d')
  })

  const use = (host: string): Promise<string> =>
    node.sh(`dnf -q clean all
      printf '[site]\\nname=site\\nbaseurl=http://${host}/\\ngpgcheck=0\\n' >/etc/yum.repos.d/site.repo`)

  test('a repository that was added just now is reached through the controller', async () => {
    await use('packages.example')
    expect(summaries(await node.perform(packageOperation, { names: 'tool', state: 'latest' }))).toEqual([
      expect.stringMatching(/^install tool/),
    ])
    expect(asked).toContain('http://packages.example/repodata/repomd.xml')
  })

  test('what it redirects to is not, and the error says so', async () => {
    await use('moved.example')
    expect(await failure(node.perform(packageOperation, { names: 'needs-tool' }))).toMatchObject({
      code: 'EGRESS_REFUSED',
      message: expect.stringContaining('cdn.example is not on the list') as string,
      details: { remedy: expect.stringContaining("egress_allow: ['cdn.example']") as string },
    })
    expect(asked.filter((url) => url.includes('cdn.example'))).toEqual([])
  })
})

test('waits for another process that holds the lock, and says which one it is', async () => {
  await node.sh(`rm -f /tmp/go-on; (dnf -y install shell) >/tmp/other 2>&1 &
    until [ -e /tmp/in-post ]; do sleep 0.1; done`)
  try {
    const error = await failure(node.perform(packageOperation, { names: 'epochal', lock_timeout: 1 }))
    expect(error).toMatchObject({
      code: 'PACKAGES_LOCKED',
      details: { seen: expect.stringMatching(/^dnf, process \d+$/) },
    })
    const waiting = node.perform(packageOperation, { names: 'epochal' })
    await node.sh('touch /tmp/go-on')
    expect(summaries(await waiting)).toEqual(['install epochal 2:1.0-1'])
  } finally {
    await node.sh('touch /tmp/go-on')
  }
})
