import { afterAll, beforeAll, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { packageOperation } from '../../src/operations/package.ts'
import { service } from '../../src/operations/service.ts'
import { engineProject, taskEnds } from '../support/engine_project.ts'
import { labNode } from '../support/lab_node.ts'
import { makeOpenVz7, makeRpmHost, RPM_HOST_TOOLS } from '../support/rpm_host.ts'

// A host with rpm and yum and the os-release of OpenVZ 7; its kernel, systemd and tools are Debian's.
let lab: Lab

const KERNEL = '3.10.0-1160.41.1.vz7.183.5'

/** Packages by the names of that platform; that of pcs has a service, as have corosync's and Pacemaker's. */
const REPOSITORY = `
set -e
mkdir -p /root/build && cd /root/build
make() {
  {
    printf 'Name: %s\\nVersion: %s\\nRelease: %s\\nSummary: For a test\\nLicense: MIT\\nBuildArch: noarch\\n' "$1" "$2" "$3"
    printf '%%description\\nFor a test\\n'
    if [ -n "$4" ]; then
      printf '%%install\\nmkdir -p %%{buildroot}%%{_unitdir}\\n'
      printf 'printf "[Service]\\\\nExecStart=/bin/sleep infinity\\\\n[Install]\\\\nWantedBy=multi-user.target\\\\n" >%%{buildroot}%%{_unitdir}/%s.service\\n' "$4"
      printf '%%post\\n%%systemd_post %s.service\\n%%files\\n%%{_unitdir}/%s.service\\n' "$4" "$4"
    else printf '%%files\\n'
    fi
  } >package.spec
  rpmbuild -bb --define '_rpmdir /srv/repo' package.spec >log 2>&1 || { cat log >&2; exit 1; }
}
make corosync 2.4.5 7.el7 corosync
make pacemaker 1.1.23 1.el7 pacemaker
make pacemaker-cli 1.1.23 1.el7
make pcs 0.9.169 3.el7 pcsd
make resource-agents 4.1.1 61.el7
make vzkernel-devel ${KERNEL.replace('-', ' ')}
make tool 1.0 1.el7
createrepo_c -q /srv/repo
yum -q clean all
yum -q -y install tool systemd-rpm-macros
make tool 1.1 1.el7
createrepo_c -q /srv/repo`

const sh = async (script: string): Promise<string> => {
  const { exitCode, stdout, stderr } = await lab.exec('server1', script)
  if (exitCode !== 0) throw new Error(`${script}: ${stdout}${stderr}`)
  return stdout.trim()
}

beforeAll(async () => {
  lab = await raiseLab({ nodes: 1, warm: RPM_HOST_TOOLS })
  await makeRpmHost(lab, 'server1')
  await makeOpenVz7(lab, 'server1')
  await sh(`yum -q -y install systemd-rpm-macros; ${REPOSITORY}`)
})
afterAll(() => lab?.down())

test('the first roles of a cluster do there what they do elsewhere, and nothing the second time', async () => {
  const site = engineProject(lab, {})
  site.write({
    'site.yml': `- name: First
  hosts: cluster
  roles: [preflight, base_update, node_reboot, hosts_file, firewall, cluster_packages]
`,
  })
  const first = await site.run()
  expect(first.exitCode, first.output).toBe(0)
  expect(await sh('rpm -q --qf "%{VERSION}" tool')).toBe('1.1')
  expect(await sh('rpm -qa corosync pacemaker-cli pcs resource-agents | sort')).toMatch(
    /^corosync-2.*\npacemaker-cli-1.*\npcs-0.9.*\nresource-agents-4/,
  )
  // What a package brings is not started, nor will it be at boot.
  expect(await sh('systemctl is-active corosync pcsd; systemctl is-enabled corosync pcsd; true')).toBe(
    'inactive\ninactive\ndisabled\ndisabled',
  )
  const second = await site.run()
  expect(taskEnds(second.events).filter((line) => line.endsWith(' changed'))).toEqual([])
})

test('services and packages, by the names of that platform', async () => {
  const node = await labNode(lab, 'server1')
  try {
    expect(node.facts).toMatchObject({
      os: { id: 'virtuozzo', like: ['rhel', 'fedora'], version: '7' },
      packageManager: 'yum',
      versions: { pcs: '0.9.169', corosync: '2.4.5' },
    })
    expect(node.facts.services['pcsd']).toEqual({ active: 'inactive', enabled: 'disabled' })
    const summaries = async (work: Promise<{ changes: readonly { summary: string }[] }>): Promise<string[]> =>
      (await work).changes.map(({ summary }) => summary)
    const pcsd = { name: 'pcsd', state: 'started', enabled: true } as const
    expect(await summaries(node.perform(service, pcsd))).toEqual(['enable', 'start'])
    expect(await summaries(node.perform(service, pcsd))).toEqual([])

    // As the headers of a kernel are asked for: one of many versions, by its whole name.
    const headers = { names: `vzkernel-devel-${KERNEL}` }
    expect(await sh(`yum -q list available vzkernel-devel-${KERNEL}`)).toContain('vzkernel-devel')
    await node.perform(packageOperation, headers)
    expect(await sh('rpm -q vzkernel-devel')).toBe(`vzkernel-devel-${KERNEL}.noarch`)
    expect(await summaries(node.perform(packageOperation, headers))).toEqual([])
    expect(await summaries(node.perform(packageOperation, { ...headers, state: 'absent' }))).toEqual([
      expect.stringMatching(/^remove vzkernel-devel/),
    ])
    expect(await summaries(node.perform(packageOperation, { names: 'tool=1.0*' }))).toEqual([
      'change tool 1.1-1.el7 → 1.0-1.el7',
    ])
  } finally {
    await node.close()
  }
})
