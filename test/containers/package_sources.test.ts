import { afterAll, beforeAll, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { DEB_REPOSITORY } from '../support/deb_repository.ts'
import { engineProject, taskEnds } from '../support/engine_project.ts'
import { makeRpmHost, RPM_HOST_TOOLS } from '../support/rpm_host.ts'

// server1 stays Debian, server2 becomes a host of the Red Hat family. On both the distribution has a newer tool than the vendor.
let lab: Lab

const sh = async (name: string, script: string): Promise<string> => {
  const { exitCode, stdout, stderr } = await lab.exec(name, script)
  if (exitCode !== 0) throw new Error(`${script}: ${stdout}${stderr}`)
  return stdout.trim()
}

const DEB = `set -e
${DEB_REPOSITORY}
sh /root/publish 1.1
cp -r /var/lib/deb-repository /srv/vendor
sh /root/publish 1.2
sed -i '1i Origin: Vendor' /srv/vendor/Release
sed -i '1i Origin: Distribution' /var/lib/deb-repository/Release
apt-get -q update --allow-releaseinfo-change`

const RPM = `set -e
mkdir -p /root/build /srv/vendor && cd /root/build
make() {
  printf 'Name: tool\\nVersion: %s\\nRelease: 1\\nSummary: For a test\\nLicense: MIT\\nBuildArch: noarch\\n%%description\\nFor a test\\n%%files\\n' "$1" >package.spec
  rpmbuild -bb --define "_rpmdir $2" package.spec >/dev/null 2>&1
  createrepo_c -q "$2"
}
make 1.1 /srv/vendor
make 1.2 /srv/repo
printf '# Of the distribution.\\n[test]\\nname = test\\nbaseurl = file:///srv/repo\\ngpgcheck = 0\\n\\n[other]\\nname=other\\nbaseurl=file:///srv/repo\\nenabled=0' >/etc/yum.repos.d/test.repo
dnf -q clean all`

beforeAll(async () => {
  lab = await raiseLab({ nodes: 2, warm: RPM_HOST_TOOLS })
  await makeRpmHost(lab, 'server2')
  await sh('server1', DEB)
  await sh('server2', RPM)
})
afterAll(() => lab?.down())

const candidates = (): Promise<string[]> =>
  Promise.all([
    sh('server1', "apt-cache policy tool | sed -n 's/ *Candidate: //p'"),
    sh('server2', "dnf -q repoquery --latest-limit 1 --qf '%{version}' tool"),
  ])

const REPO = '/etc/yum.repos.d/test.repo'

const VARS = {
  package_exclude: ['tool*'],
  package_exclude_yum: [{ file: REPO, sections: ['test'] }],
  package_exclude_apt: 'release o=Distribution',
  yum_repositories: [{ name: 'vendor', baseurl: 'file:///srv/vendor', signed: false }],
  apt_repositories: [{ name: 'vendor', uris: 'file:/srv/vendor', suites: './', signed: false }],
}

test("the vendor's packages come in place of the distribution's, and a second run changes nothing", async () => {
  expect(await candidates()).toEqual(['1.2', '1.2'])
  const before = await sh('server2', `cat ${REPO}`)
  const site = engineProject(lab, {})
  site.write({
    'site.yml': `- name: Sources\n  hosts: cluster\n  roles: [package_sources]\n  vars: ${JSON.stringify(VARS)}\n`,
  })
  const first = await site.run()
  expect(first.exitCode, first.output).toBe(0)
  await sh('server1', 'apt-get -q update')
  expect(await candidates()).toEqual(['1.1', '1.1'])
  expect(await sh('server2', `cat ${REPO}`)).toBe(
    before.replace('gpgcheck = 0\n', 'gpgcheck = 0\nexclude = tool*\n'),
  )
  const second = await site.run()
  expect(taskEnds(second.events).filter((line) => line.endsWith(' changed'))).toEqual([])
  expect(second.exitCode, second.output).toBe(0)
})

test('a section that is not there is refused, and the file stays', async () => {
  const before = await sh('server2', `cat ${REPO}`)
  const site = engineProject(lab, {})
  const vars = { ...VARS, package_exclude_yum: [{ file: REPO, sections: ['base'] }] }
  site.write({
    'site.yml': `- name: Sources\n  hosts: server2\n  roles: [package_sources]\n  vars: ${JSON.stringify(vars)}\n`,
  })
  const refused = await site.run()
  expect(refused.exitCode).toBe(2)
  expect(refused.output).toContain('test, other')
  expect(await sh('server2', `cat ${REPO}`)).toBe(before)
})
