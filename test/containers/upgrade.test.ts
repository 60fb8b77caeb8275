import { afterAll, beforeAll, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { upgrade } from '../../src/operations/upgrade.ts'
import { DEB_REPOSITORY } from '../support/deb_repository.ts'
import { endOf, engineProject, taskEnds } from '../support/engine_project.ts'
import { labNode } from '../support/lab_node.ts'
import type { LabNode } from '../support/lab_node.ts'
import { makeRpmHost, RPM_HOST_TOOLS } from '../support/rpm_host.ts'

// server1 stays Debian, server2 becomes a host of the Red Hat family. Both have a repository of their own only.
let lab: Lab
const nodes = new Map<string, LabNode>()

beforeAll(async () => {
  lab = await raiseLab({ nodes: 2, warm: RPM_HOST_TOOLS })
  await makeRpmHost(lab, 'server2')
  for (const name of ['server1', 'server2']) nodes.set(name, await labNode(lab, name))
  await node('server1').sh(DEB_REPOSITORY)
  await node('server2').sh(`${RPM}\nmake tool 1.0; make gone 1.0; publish; dnf -q -y install tool gone`)
})

afterAll(async () => {
  for (const one of nodes.values()) await one.close()
  await lab?.down()
})

const node = (name: string): LabNode => nodes.get(name)!

const RPM = `
mkdir -p /root/build && cd /root/build
make() {
  printf 'Name: %s\\nVersion: %s\\nRelease: 1\\nSummary: For a test\\nLicense: MIT\\nBuildArch: noarch\\n%s\\n%%description\\nFor a test\\n%%files\\n' "$1" "$2" "\${3:-}" >package.spec
  rpmbuild -bb --define '_rpmdir /srv/repo' package.spec >/dev/null 2>&1
}
publish() { createrepo_c -q /srv/repo; dnf -q clean all; }`

const summaries = ({ changes }: { changes: readonly { summary: string }[] }): string[] =>
  changes.map(({ summary }) => summary)

test('Debian: what is newer is installed, a kernel by itself, and nothing the second time', async () => {
  const debian = node('server1')
  expect(summaries(await debian.perform(upgrade, {}))).toEqual([])
  await debian.sh('sh /root/publish 1.2')
  await debian.sh('rm /run/bringup/package_lists')
  const due = [
    'update 1 package: tool',
    'update the kernel: linux-image-9.9-test 9.9, linux-image-test 1.0 → 1.2',
  ]
  expect(summaries(await debian.check(upgrade, {}))).toEqual(due)
  expect(await debian.sh("dpkg-query -W -f='${Version}' tool")).toBe('1.0')
  expect(summaries(await debian.perform(upgrade, {}))).toEqual(due)
  expect(await debian.sh("dpkg-query -W -f='${Version}' linux-image-9.9-test")).toBe('9.9')
  expect(summaries(await debian.perform(upgrade, {}))).toEqual([])
})

test('Debian: without lists a check does not say that all is new', async () => {
  await node('server1').sh('mv /var/lib/apt/lists /root/lists; mkdir -p /var/lib/apt/lists/partial')
  expect(summaries(await node('server1').check(upgrade, {}))).toEqual([
    'update what is older than in the package sources; not known yet what',
  ])
  await node('server1').sh('rm -r /var/lib/apt/lists; mv /root/lists /var/lib/apt/lists')
})

test('Debian: a source that cannot be reached is an error', async () => {
  await node('server1').sh(`rm /run/bringup/package_lists; cp /etc/apt/sources.list /root
    echo 'deb [trusted=yes] file:/srv/gone ./' >>/etc/apt/sources.list`)
  await expect(node('server1').perform(upgrade, {})).rejects.toMatchObject({ code: 'PACKAGE_UNAVAILABLE' })
  await node('server1').sh('mv /root/sources.list /etc/apt')
})

test.each(['dnf', 'yum'] as const)(
  '%s: what is newer is installed, and what replaces others',
  async (manager) => {
    // Debian has no yum; dnf answers to its name, as on the successors of EL 7.
    await node('server2').sh('ln -sf dnf /usr/bin/yum')
    // Its own default.
    const skips = (word: string) =>
      node('server2').sh(`sed -i 's/^skip_if_unavailable=.*/skip_if_unavailable=${word}/' /etc/dnf/dnf.conf`)
    if (manager === 'yum') await skips('False')
    const host = await labNode(lab, 'server2', { packageManager: manager })
    const version = manager === 'dnf' ? '1.2' : '1.3'
    try {
      expect(summaries(await host.perform(upgrade, {}))).toEqual([])
      await host.sh(
        `${RPM}\nmake tool ${version}; make new ${version} 'Obsoletes: gone < ${version}'; publish`,
      )
      expect(summaries(await host.check(upgrade, {}))).toEqual([
        'update what is older than in the package sources; not known yet what',
      ])
      expect(summaries(await host.perform(upgrade, {}))).toEqual([
        manager === 'dnf' ? 'update 1 package: tool' : 'update 2 packages: new, tool',
      ])
      expect(await host.sh('rpm -q --qf "%{VERSION} " tool')).toBe(version)
      expect(await host.sh('rpm -q gone; rpm -q --qf "%{NAME}" new')).toMatch(/not installed\nnew$/)
      expect(summaries(await host.perform(upgrade, {}))).toEqual([])
    } finally {
      await skips('True')
      await host.close()
    }
  },
)

test('dnf: a source that cannot be reached is an error, and not one without news', async () => {
  await node('server2').sh(
    `rm /run/bringup/package_lists; printf '[gone]\\nname=gone\\nbaseurl=file:///srv/gone\\ngpgcheck=0\\n' >/etc/yum.repos.d/gone.repo`,
  )
  await expect(node('server2').perform(upgrade, {})).rejects.toMatchObject({ code: 'PACKAGE_UNAVAILABLE' })
  await node('server2').sh('rm /etc/yum.repos.d/gone.repo')
})

test('the role updates, says what should be rebooted, reboots where it may, and leaves members of a cluster alone', async () => {
  const site = engineProject(lab, {})
  site.write({ 'site.yml': '- name: Update\n  hosts: cluster\n  roles: [base_update, node_reboot]\n' })
  await node('server2').sh(`${RPM}\nmake tool 3.0; publish; rm -f /run/bringup/package_lists`)
  await node('server1').sh('sh /root/publish 3.0; rm -f /run/bringup/package_lists')
  const check = await site.run('--check', '-e', 'reboot=true')
  expect(check.exitCode, check.output).toBe(0)
  expect(endOf(check.events, 'server1', 'reboot where needed').changes.map(({ summary }) => summary)).toEqual(
    ['reboot: a newer kernel (planned)'],
  )
  expect(await node('server1').sh("dpkg-query -W -f='${Version}' tool")).toBe('1.2')

  await node('server1').sh('touch /run/reboot-required; echo linux-image-9.9-test >/run/reboot-required.pkgs')
  const first = await site.run()
  expect(first.exitCode, first.output).toBe(0)
  expect(taskEnds(first.events)).toEqual(
    expect.arrayContaining(['server1 upgrade all packages changed', 'server2 upgrade all packages changed']),
  )
  expect(first.events).toContainEqual(
    expect.objectContaining({
      type: 'warning',
      message: expect.stringContaining(
        'server1 should be rebooted: asked for by linux-image-9.9-test. Set reboot: true and run again',
      ) as string,
    }),
  )

  const second = await site.run('-e', 'reboot=true')
  expect(second.exitCode, second.output).toBe(0)
  expect(taskEnds(second.events)).toEqual(
    expect.arrayContaining([
      'server1 upgrade all packages ok',
      'server1 reboot where needed changed',
      'server2 reboot where needed ok',
    ]),
  )

  await lab.exec(
    'server1',
    `printf '[Service]\\nExecStart=sleep infinity\\n' >/run/systemd/system/corosync.service
    systemctl daemon-reload; systemctl start corosync`,
  )
  const third = await site.run('-e', 'reboot=true')
  expect(third.exitCode, third.output).toBe(0)
  expect(taskEnds(third.events)).toContain('server1 update of all packages skipped')
})
