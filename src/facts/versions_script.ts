/**
 * Shell that prints the versions of the cluster's programs, for `parseVersions`. `pcs --version` and `crm --version` take a
 * third of a second each, so versions come from the package database; the programs are only asked where no package
 * brought them.
 */
export const VERSIONS_SCRIPT = `installed=
if [ -s /var/lib/dpkg/status ]; then
  installed=$(dpkg-query -W -f='\${db:Status-Status} \${Package} \${Version}\\n' \\
    corosync pacemaker pcs crmsh drbd-utils)
elif command -v rpm >/dev/null 2>&1; then
  installed=$(rpm -q --qf 'installed %{NAME} %{VERSION}\\n' corosync pacemaker pcs crmsh drbd-utils)
fi
printf '%s\\n' "$installed"
ask() {
  case $installed in *"installed $1 "*) return ;; esac
  if command -v "$2" >/dev/null 2>&1; then printf 'program %s ' "$1"; { "$2" "$3" 2>&1; echo; } | tr '\\n' ' '; echo; fi
}
ask corosync corosync -v
ask pacemaker pacemakerd --version
ask pcs pcs --version
ask crmsh crm --version
ask drbd-utils drbdadm --version`
