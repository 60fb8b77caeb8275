import { aptError, isInterrupted, isStale } from './apt_error.ts'
import { QUIET_INSTALL, QUIET_END } from './apt_quiet_services.ts'
import { refreshLists } from './apt_lists.ts'
import { waitForApt } from './apt_lock.ts'
import { parseInstalled, parsePolicy, parseRemovals } from './apt_output.ts'
import { output } from './host_script.ts'
import type { ApplyContext } from './operation.ts'
import type { PackageManager, PackageWant } from './package.ts'
import { subjectOf } from './package_state.ts'
import type { PackageStep } from './package_state.ts'
import { fromPackageSources } from './through_egress.ts'

/** Says `cut off` where dpkg left what it keeps in files of their own until it ends, and does not run any more. */
export const CUT_OFF = `for left in /var/lib/dpkg/updates/[0-9]*; do
  [ -e "$left" ] && ! grep -q ":$(stat -c %i /var/lib/dpkg/lock-frontend) " /proc/locks && echo 'cut off'
  break
done`

// `apt-cache policy` reads all lists, so it is only asked where its answer can matter.
const READ = `
look=$1 subject=$2; shift 2
${CUT_OFF}
known=$(dpkg-query -W -f='\${db:Status-Status} \${binary:Package} \${Package} \${Version}\\n' "$@" 2>/dev/null)
found=0
names=
IFS='
'
for line in $known; do
  case $line in installed\\ * | triggers*) ;; *) continue ;; esac
  printf '%s\\n' "$line"
  line=\${line#* }
  names="$names \${line%% *}" found=$((found + 1))
done
unset IFS
if [ "$subject" = absent ]; then
  if [ $found -gt 0 ]; then echo removals; apt-get -s -q remove $names; fi
elif [ "$subject" = files ]; then :
elif [ "$look" = yes ] || [ $found -lt $# ]; then
  echo policy; apt-cache policy "$@"
fi
exit 0`

/** Nothing asks, configuration files stay as they are, and needrestart restarts no service behind our back. */
const QUIET_ENV = {
  DEBIAN_FRONTEND: 'noninteractive',
  APT_LISTCHANGES_FRONTEND: 'none',
  UCF_FORCE_CONFFOLD: '1',
  NEEDRESTART_MODE: 'l',
  LC_ALL: 'C',
}

/** apt-get, without questions. */
export const OPTIONS = ['-y', '-q', '-o', 'Dpkg::Use-Pty=0', '-o', 'DPkg::Lock::Timeout=60']
/** Ends what an earlier installation has begun. */
const CONFIGURE = ['dpkg', '--force-confdef', '--force-confold', '--configure', '-a']

export const CONFIGURATION_FILES = [
  '-o',
  'Dpkg::Options::=--force-confdef',
  '-o',
  'Dpkg::Options::=--force-confold',
]

/** Debian and its children: apt-get(8), apt-cache(8), dpkg-query(1). */
export const apt: PackageManager = {
  async read(context, want) {
    const { names, state } = want
    // Lists are no state of the host that anyone set up, and without fresh ones `latest` has no meaning.
    if (state === 'latest' && !context.check)
      await fromPackageSources(context, (env) => refreshLists(context, 'old', env))
    const look = state === 'latest' || names.some(({ version }) => version !== null)
    const args = [look ? 'yes' : 'no', subjectOf(want), ...names.map(({ name }) => name)]
    const text = (await output(context, 'look at packages', READ, args)).toString()
    const [installed = '', policy = ''] = text.split(/^policy$/m)
    const [, removals = ''] = text.split(/^removals$/m)
    const candidates = parsePolicy(policy)
    const packages = names.map((spec) => [
      spec.name,
      { installed: parseInstalled(installed, spec.name), candidate: candidates(spec) },
    ])
    return {
      packages: Object.fromEntries(packages),
      cutOff: text.startsWith('cut off\n'),
      dependants: parseRemovals(removals).filter((name) => names.every((spec) => spec.name !== name)),
    }
  },

  async apply(context, steps, want) {
    await waitForApt(context, want.lock_timeout)
    const args = argumentsOf(steps, want)
    if (steps.length === 0) await complete(context, want, null)
    else if (want.state === 'absent') await transaction(context, want, args, null)
    else await fromPackageSources(context, (env) => transaction(context, want, args, env))
  },
}

/** Runs apt-get. @param env what leads to the sources; null where nothing is fetched */
export async function transaction(
  context: ApplyContext,
  want: Pick<PackageWant, 'start_services'>,
  args: readonly string[],
  env: Readonly<Record<string, string>> | null,
): Promise<void> {
  const attempt = () => install(context, want, ['apt-get', ...args], env ?? {})
  const problem = env === null ? null : await refreshLists(context, 'old', env)
  let result = await attempt()
  if (isInterrupted(result)) {
    await complete(context, want, problem)
    result = await attempt()
  }
  if (env !== null && isStale(result) && problem === null) {
    const later = await refreshLists(context, 'not found', env)
    result = await attempt()
    if (result.exitCode !== 0) throw aptError(result, later)
  }
  if (result.exitCode !== 0) throw aptError(result, problem)
}

function argumentsOf(steps: readonly PackageStep[], want: PackageWant): string[] {
  if (want.state === 'absent') return [...OPTIONS, 'remove', ...steps.map(({ spec }) => spec.name)]
  const recommends =
    want.recommends === undefined ? [] : [`--${want.recommends ? '' : 'no-'}install-recommends`]
  const removals = want.allow_removals ? [] : ['--no-remove']
  // A version that was asked for by name may be older than the one that is there.
  const downgrades = steps.some(({ kind }) => kind === 'change') ? ['--allow-downgrades'] : []
  const specs = steps.map(
    ({ spec, to }) => spec.file ?? (spec.version === null ? spec.name : `${spec.name}=${to ?? spec.version}`),
  )
  return [...OPTIONS, ...CONFIGURATION_FILES, ...recommends, ...removals, ...downgrades, 'install', ...specs]
}

/** Ends what was cut off. @param problem what was said when the lists were refreshed */
export async function complete(
  context: ApplyContext,
  want: Pick<PackageWant, 'start_services'>,
  problem: string | null,
): Promise<void> {
  const result = await install(context, want, CONFIGURE, {})
  if (result.exitCode !== 0) throw aptError(result, problem)
}

async function install(
  context: ApplyContext,
  want: Pick<PackageWant, 'start_services'>,
  command: readonly string[],
  env: Readonly<Record<string, string>>,
) {
  const $ = context.$({ env: { ...QUIET_ENV, ...env }, nothrow: true, unbroken: true })
  if (want.start_services) return $`${command}`
  try {
    return await $`sh -c ${QUIET_INSTALL} bringup ${command}`
  } finally {
    // For one that had to be killed. What is left where this does not get through has no effect once the command has
    // ended, and the next install removes it.
    await $`sh -c ${QUIET_END}`.catch(() => undefined)
  }
}
