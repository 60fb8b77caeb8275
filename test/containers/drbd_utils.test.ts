import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { bringupRun } from '../support/bringup.ts'
import type { RunResult } from '../support/bringup.ts'
import { releasedUtils, standIn915 } from '../support/drbd_utils_release.ts'
import { errorsIn } from '../support/engine_project.ts'
import { makeOpenVz7, makeRpmHost, RPM_HOST_TOOLS } from '../support/rpm_host.ts'

/** Debian's names of what compiles, which makes packages of the Red Hat family's names work. */
const COMPILER = ['gcc', 'g++', 'make', 'flex', 'pkg-config', 'libc6-dev', 'linux-libc-dev']
const AUTOTOOLS = ['automake', 'autoconf', 'udev']

// server1 and server2 are hosts with dnf and rpm, of which the first has a compiler; server3 is Debian.
let lab: Lab
let site: string
const tarballs = new Map<string, string>()

beforeAll(async () => {
  const bookworm = await releasedUtils('9.22.0', 'bookworm')
  if (bookworm === null) throw new Error('the mirror does not have the source of drbd-utils of Debian 12')
  const bullseye = await releasedUtils('9.15.0', 'bullseye')
  if (bullseye === null)
    console.warn("9.15.0 is a stand-in made of 9.22.0: the mirror does not have Debian 11's source any more")
  tarballs.set('9.22.0', bookworm).set('9.15.0', bullseye ?? (await standIn915(bookworm)))

  site = mkdtempSync(join(tmpdir(), 'bringup-test-'))
  writeFileSync(join(site, 'site.yml'), '- { name: Utils, hosts: cluster, roles: [drbd_utils] }\n')
  lab = await raiseLab({
    nodes: 3,
    warm: [...RPM_HOST_TOOLS, ...COMPILER, ...AUTOTOOLS, 'dpkg-dev', 'drbd-utils'],
  })
  const locked = [...tarballs].map(([version, file]) => {
    const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex')
    return `  drbd-utils-${version}: { sha256: ${sha256} }\n`
  })
  writeFileSync(join(lab.dir, 'sources.lock.yml'), `sources:\n${locked.join('')}`)
  await Promise.all([makeRpmHost(lab, 'server1', [...COMPILER, ...AUTOTOOLS]), makeRpmHost(lab, 'server2')])
}, 600_000)

afterAll(async () => {
  await lab?.down()
  if (site !== undefined) rmSync(site, { recursive: true, force: true })
})

const run = (version: string, limit: string, ...more: string[]): Promise<RunResult> => {
  const tarball = tarballs.get(version)
  const vars = [
    `drbd_utils_version=${version}`,
    ...(tarball === undefined ? [] : [`drbd_utils_tarball=${tarball}`]),
  ]
  const args = [
    'site.yml',
    '-i',
    lab.inventory,
    '--limit',
    limit,
    ...vars.flatMap((text) => ['-e', text]),
    ...more,
  ]
  return bringupRun(args, { cwd: site })
}

async function sh(node: string, script: string): Promise<string> {
  const { stdout, stderr, exitCode } = await lab.exec(node, script)
  if (exitCode !== 0) throw new Error(`${node}: ${script}: ${stdout}${stderr}`)
  return stdout.trim()
}

const PARTS = ['drbd-bash-completion', 'drbd-pacemaker', 'drbd-udev', 'drbd-utils']

describe('hosts with rpm', () => {
  const rpms = 'server1,server2'

  test('utils that do not command the module are refused before anything is compiled', async () => {
    const refused = await run('9.1.0', rpms, '-e', 'drbd_version=9.2.16')
    expect(refused.exitCode).toBe(2)
    expect(refused.output).toContain('drbd-utils 9.1.0 are too old for DRBD 9.2.16')
    expect(refused.changed).toEqual([])
  })

  test('a check says what would be done, and needs nobody to build', async () => {
    const check = await run('9.15.0', rpms, '--check')
    expect(check.exitCode, check.output).toBe(0)
    expect(check.changed).toHaveLength(2)
    expect(await sh('server1', 'ls /var/lib')).not.toContain('bringup')
  })

  test('a build that fails is explained, with the line that says it', async () => {
    await sh('server1', 'mv /usr/bin/flex /usr/bin/flex.away')
    const failed = await run('9.15.0', rpms)
    await sh('server1', 'mv /usr/bin/flex.away /usr/bin/flex')
    expect(failed.exitCode).toBe(2)
    expect(errorsIn(failed.events)[0]).toMatchObject({
      code: 'COMMAND_FAILED',
      message: 'drbd-utils 9.15.0 can not be built: flex is missing',
      seen: expect.stringContaining('Cannot build utils without flex') as string,
      remedy: 'Install flex on the builder.',
    })
    expect(await sh('server2', 'rpm -qa "drbd-*"')).toBe('')
  })

  test.each(['9.15.0', '9.22.0'])('%s is built once, and installed on both', async (version) => {
    const made = await run(version, rpms)
    expect(made.exitCode, made.output).toBe(0)
    expect(made.changed.filter((task) => task.includes(' build '))).toEqual([
      `server1 build drbd-utils ${version}`,
    ])
    for (const server of ['server1', 'server2']) {
      expect(await sh(server, `rpm -qa --qf '%{NAME}-%{VERSION}-%{RELEASE}\\n' 'drbd-*' | sort`)).toBe(
        PARTS.map((name) => `${name}-${version}-1`).join('\n'),
      )
      const files = (await sh(server, `rpm -ql ${PARTS.join(' ')}`)).split('\n')
      expect(files).toEqual(
        expect.arrayContaining(['/usr/sbin/drbdadm', '/usr/lib/ocf/resource.d/linbit/drbd']),
      )
      expect(files.filter((file) => file.startsWith('/sbin'))).toEqual([])
      expect(await sh(server, 'drbdadm --version')).toContain(`DRBDADM_VERSION=${version}`)
      expect(await sh(server, 'grep usage-count /etc/drbd.d/global_common.conf')).toBe('usage-count no;')
      expect(
        await sh(server, 'systemctl is-enabled drbd.service || systemctl is-active drbd.service || true'),
      ).toBe('disabled\ninactive')
    }
    expect(await sh('server2', 'rpm -qa gcc rpm-build; ls /usr/bin/gcc 2>&1 || true')).toContain(
      'No such file',
    )

    // The tarball is not needed any more, nor is anything built.
    const again = await run(version, rpms, '-e', 'drbd_utils_tarball=/nowhere.tar.gz')
    expect(again.exitCode, again.output).toBe(0)
    expect(again.changed).toEqual([])
  })

  test('a node that has lost its packages gets them as they were built', async () => {
    await sh('server2', `rpm -e ${PARTS.join(' ')}; rm -r /var/lib/bringup`)
    const mended = await run('9.22.0', rpms)
    expect(mended.exitCode, mended.output).toBe(0)
    expect(mended.changed.filter((task) => task.includes(' build '))).toEqual([])
    expect(await sh('server2', 'drbdadm --version')).toContain('DRBDADM_VERSION=9.22.0')
  })
})

describe("hosts of OpenVZ 7's platform, by yum", () => {
  beforeAll(async () => {
    for (const node of ['server1', 'server2']) {
      await sh(node, `rpm -e ${PARTS.join(' ')}; rm -r /var/lib/bringup`)
      await makeOpenVz7(lab, node)
    }
  })

  test('9.15.0 is built once, of what EL 7 has to build with, and installed on both', async () => {
    const made = await run('9.15.0', 'server1,server2')
    expect(made.exitCode, made.output).toBe(0)
    expect(await sh('server1', 'rpm -q systemd')).toMatch(/^systemd-1-1/)
    for (const server of ['server1', 'server2']) {
      expect(await sh(server, `rpm -qa --qf '%{NAME}\\n' 'drbd-*' | sort`)).toBe(PARTS.join('\n'))
      expect(await sh(server, 'drbdadm --version')).toContain('DRBDADM_VERSION=9.15.0')
    }
    const again = await run('9.15.0', 'server1,server2')
    expect(again.changed, again.output).toEqual([])
  })
})

describe('a Debian host', () => {
  const installed = (): Promise<string> => sh('server3', `dpkg-query -W -f '\${Version}' drbd-utils`)

  test("the distribution's package comes without being started, and is enough for the kernel's own module", async () => {
    const made = await run('package', 'server3')
    expect(made.exitCode, made.output).toBe(0)
    expect(await installed()).toBe('9.22.0-1')
    expect(await sh('server3', 'systemctl is-active drbd.service || true')).toBe('inactive')
    expect((await run('package', 'server3')).changed).toEqual([])
    const newer = await run('package', 'server3', '-e', 'drbd_version=9.2.16')
    expect(newer.exitCode, newer.output).toBe(0)
    expect(newer.events.flatMap((event) => (event.type === 'warning' ? event.message : []))).toEqual([
      expect.stringContaining('DRBD 9.2.16 asks for drbd-utils 9.27.0 or newer; 9.22.0 command it') as string,
    ])
  })

  test("one that is built takes its place, and the distribution's stays away", async () => {
    const made = await run('9.22.0', 'server3')
    expect(made.exitCode, made.output).toBe(0)
    expect(await installed()).toBe('9.22.0-0bringup1')
    expect(await sh('server3', 'drbdadm --version')).toContain('DRBDADM_VERSION=9.22.0')
    expect(
      await sh('server3', 'dpkg -V drbd-utils; /lib/drbd/drbdadm-84 --version | grep -c VERSION'),
    ).not.toBe('0')
    expect(await sh('server3', 'drbdadm sh-nop; grep usage-count /etc/drbd.d/global_common.conf')).toContain(
      'usage-count no;',
    )
    expect(
      await sh('server3', 'cd /usr/share/man/man8; cat drbdadm.8* >/dev/null; readlink drbdadm.8*'),
    ).toMatch(/^drbdadm-/)
    expect(
      await sh('server3', 'systemctl is-enabled drbd.service || systemctl is-active drbd.service || true'),
    ).toBe('disabled\ninactive')
    expect(await sh('server3', 'apt-get -s -q full-upgrade')).not.toContain('drbd-utils')
    expect(await sh('server3', 'apt-get -s -q install drbd-utils 2>&1 || true')).toContain(
      'no installation candidate',
    )
    expect((await run('9.22.0', 'server3')).changed).toEqual([])
  })

  test("to go back to the distribution's is left to a person", async () => {
    const back = await run('package', 'server3')
    expect(back.exitCode).toBe(2)
    expect(back.output).toContain('drbd-utils 9.22.0-0bringup1, built from source')
    expect(await installed()).toBe('9.22.0-0bringup1')
  })
})
