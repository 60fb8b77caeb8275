import type { Lab } from '../../scripts/lab/raise.ts'

/** Packages of Debian that make a node one, to be warm in its apt cache. */
export const RPM_HOST_TOOLS = ['dnf', 'rpm', 'createrepo-c']

/** What Debian has itself, under the names that the Red Hat family has for it: empty packages in a repository. */
const EMPTY =
  'gcc gcc-c++ make flex glibc-devel kernel-headers pkgconfig automake autoconf rpm-build udev checkpolicy selinux-policy-devel'.split(
    ' ',
  )

/** Which of them brings the macros depends on the release. */
const MACRO_PACKAGES = ['systemd-rpm-macros', 'systemd']

/** As of systemd's own macros.systemd; Debian's rpm comes without. */
const MACROS = `%_unitdir /lib/systemd/system
%_tmpfilesdir /usr/lib/tmpfiles.d
%systemd_post() if [ $1 -eq 1 ] && [ -x /usr/bin/systemctl ]; then systemctl --no-reload preset %{?*} || :; fi
%systemd_preun() if [ $1 -eq 0 ] && [ -x /usr/bin/systemctl ]; then systemctl --no-reload disable --now %{?*} || :; fi
%systemd_postun() %{nil}
`

const SPEC = `Name: debian-base
Version: 1
Release: 1
Summary: What Debian brings of what packages need
License: MIT
Provides: /bin/sh /bin/bash /usr/bin/bash /usr/bin/sh /usr/bin/perl bash bash-completion pacemaker rtld(GNU_HASH)
@LIBRARIES@
%description
For a test
%files
${EMPTY.map((name) => `%package -n ${name}\nSummary: For a test\n%description -n ${name}\nFor a test\n%files -n ${name}`).join('\n')}
${MACRO_PACKAGES.map((name) => `%package -n ${name}\nSummary: For a test\n%description -n ${name}\nFor a test\n%files -n ${name}\n/usr/lib/rpm/macros.d/macros.systemd`).join('\n')}
%install
mkdir -p %{buildroot}/usr/lib/rpm/macros.d
cp /root/macros.systemd %{buildroot}/usr/lib/rpm/macros.d/
`

// Debian keeps rpm's database in the home directory; everywhere else there is one for all.
const SCRIPT = `
set -e
apt-get -q -y --no-install-recommends install "$@" >/dev/null
mkdir -p /etc/rpm /srv/repo /etc/yum.repos.d
echo '%_dbpath /var/lib/rpm' >/etc/rpm/macros
cat >/root/macros.systemd
libraries=$(ls /lib/*/libc.so.6 /lib/*/libm.so.6 /lib/*/libstdc++.so.6 /lib/*/libgcc_s.so.1 /lib/*/ld-linux*.so.2)
readlink -f $libraries | /usr/lib/rpm/find-provides | sed 's/^/Provides: /' >/root/libraries
sed -i -e '/^@LIBRARIES@$/{r /root/libraries' -e 'd}' /root/base.spec
rpmbuild -bb --define '_rpmdir /srv/repo' /root/base.spec >/root/base.log 2>&1 || { tail /root/base.log >&2; exit 1; }
createrepo_c -q /srv/repo
printf '[test]\\nname=test\\nbaseurl=file:///srv/repo\\ngpgcheck=0\\n' >/etc/yum.repos.d/test.repo
printf 'ID=rocky\\nID_LIKE="rhel centos fedora"\\nVERSION_ID=9.4\\nNAME="Rocky Linux"\\nPRETTY_NAME="Rocky Linux 9.4 (of Debian)"\\n' >/etc/os-release.new
rm /etc/os-release && mv /etc/os-release.new /etc/os-release
# As the Red Hat family has it: what a package brings is enabled by a person.
mkdir -p /usr/lib/systemd/system-preset
echo 'disable *' >/usr/lib/systemd/system-preset/99-default-disable.preset
dnf -q -y install debian-base
for tool in apt-get apt dpkg-query; do mv "/usr/bin/$tool" "/usr/bin/$tool.debian"; done`

/**
 * Makes a Debian node a host of the Red Hat family, as far as dnf, rpm and what packages need are concerned: /sbin is
 * /usr/sbin on both.
 * @param tools more of Debian's packages, as a compiler
 */
export async function makeRpmHost(lab: Lab, node: string, tools: readonly string[] = []): Promise<void> {
  const done = async (command: readonly string[], input: string): Promise<void> => {
    const { exitCode, stdout, stderr } = await lab.exec(node, command, { input })
    if (exitCode !== 0) throw new Error(`${node} did not become a host with rpm: ${stdout}${stderr}`)
  }
  await done(['sh', '-c', 'cat >/root/base.spec'], SPEC)
  await done(['sh', '-c', SCRIPT, 'sh', ...RPM_HOST_TOOLS, ...tools], MACROS)
}

// What Virtuozzo Linux 7 says of itself. It has yum only; here that is dnf under its name, as on EL 8 and 9.
const OPENVZ_7 = `
printf 'NAME="Virtuozzo Linux"\\nVERSION="7"\\nID="virtuozzo"\\nID_LIKE="rhel fedora"\\nVERSION_ID="7"\\nPRETTY_NAME="Virtuozzo Linux 7"\\n' >/etc/os-release.new
mv /etc/os-release.new /etc/os-release
mv /usr/bin/dnf /usr/bin/yum
mv /var/lib/dpkg/status /var/lib/dpkg/status.debian`

/** Turns a host that {@link makeRpmHost} made into one of OpenVZ 7's platform, as far as its packages are concerned. */
export async function makeOpenVz7(lab: Lab, node: string): Promise<void> {
  const { exitCode, stdout, stderr } = await lab.exec(node, `set -e${OPENVZ_7}`)
  if (exitCode !== 0) throw new Error(`${node} did not become a host of OpenVZ 7: ${stdout}${stderr}`)
}
