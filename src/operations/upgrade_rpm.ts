import { runScript } from './host_script.ts'
import type { ReadContext } from './operation.ts'
import { change, EXIT_ON_LOCK, whenUnlocked } from './package_rpm.ts'
import { fromPackageSources } from './through_egress.ts'
import type { UpgradeManager, UpgradeWant } from './upgrade.ts'
import { parseCheckUpdate } from './upgrade_output.ts'

// Both keep lists for hours, even days: they are fetched anew where they are older than an hour, or than the sources.
// A source that cannot be reached must not pass for one without news, unless the host's own configuration of it says so.
// check-update ends with 100 where there is something to update. Without lists, -C fails.
const READ = `
manager=$1 check=$2 stamp=/run/bringup/package_lists
cached= strict=
# yum has it for each source alone, where it is off unless somebody means it.
if [ "$manager" = dnf ]; then strict=--setopt=skip_if_unavailable=False; fi
fresh() {
  [ -n "$(find "$stamp" -mmin -60 2>/dev/null)" ] &&
    [ -z "$(find /etc/yum.repos.d /etc/yum.conf /etc/yum /etc/dnf -newer "$stamp" 2>/dev/null | head -n 1)" ]
}
if [ "$check" = yes ]; then cached=-C
elif ! fresh; then $manager -q clean expire-cache >/dev/null 2>&1
fi
$manager -q $cached ${EXIT_ON_LOCK} $strict check-update
case $? in
  0) ;;
  100)
    echo 'list installed'
    rpm -qa --qf 'installed %{NAME}.%{ARCH} %|EPOCH?{%{EPOCH}:}:{}|%{VERSION}-%{RELEASE}\\n' || exit ;;
  1) if [ "$check" = yes ]; then echo 'not known'; exit 0; fi; exit 1 ;;
  *) exit ;;
esac
if [ "$check" = no ]; then mkdir -p /run/bringup && touch "$stamp"; fi`

/** The Red Hat family: what `dnf update` or `yum update` would do. */
export function rpmUpgrade(manager: 'dnf' | 'yum'): UpgradeManager {
  async function look(
    context: ReadContext,
    { lock_timeout }: UpgradeWant,
    env: Readonly<Record<string, string>>,
  ): Promise<string> {
    const args = [manager, context.check ? 'yes' : 'no']
    const { stdout } = await whenUnlocked(context, manager, lock_timeout, async () => {
      const result = await runScript(context, READ, args, { env: { ...env } })
      return {
        exitCode: result.code,
        stdout: result.stdout.toString(),
        stderr: result.stderr.toString(),
      }
    })
    return stdout
  }

  return {
    async read(context, want) {
      const text = await (context.check
        ? look(context, want, {})
        : fromPackageSources(context, (env) => look(context, want, env)))
      const [offered = '', installed = ''] = text.split(/^list installed$/m)
      const due = /^not known$/m.test(text) ? null : parseCheckUpdate(offered, installed)
      return { due, cutOff: false, kernelPlanned: false }
    },
    apply: (context, _now, want) =>
      fromPackageSources(context, (env) => change(context, manager, want, ['update'], env)),
  }
}
