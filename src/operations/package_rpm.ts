import { setTimeout as delay } from 'node:timers/promises'
import type { Seconds } from '../connection/remote.ts'
import { lockedError } from './package_error.ts'
import { output } from './host_script.ts'
import type { ApplyContext, ReadContext } from './operation.ts'
import type { PackageManager, PackageWant } from './package.ts'
import { subjectOf } from './package_state.ts'
import type { Packages, PackageStep, WantedPackages } from './package_state.ts'
import { lockHolder, rpmError } from './rpm_error.ts'
import type { RpmResult } from './rpm_error.ts'
import { fromPackageSources } from './through_egress.ts'
import { parseRpmRead } from './rpm_output.ts'

// What could be installed takes a second to ask for, so it is only asked where the answer can matter; without
// `refresh` only from the cache (-C), which may not be there. A name that is no package may be what one provides.
// EL 7 has repoquery only in an extra package, so yum lists; it wraps lines, which the parser undoes.
const READ = `
manager=$1 look=$2 subject=$3 refresh=$4; shift 4
cached=-C; if [ "$refresh" = yes ]; then cached=; fi
format='installed %|EPOCH?{%{EPOCH}:}:{}|%{VERSION}-%{RELEASE}\\n'
missing= asked=
for spec; do
  name=\${spec%%=*}
  printf 'package %s\\n' "$name"
  if found=$(rpm -q --qf "$format" "$name" 2>/dev/null) ||
    found=$(rpm -q --qf "$format" --whatprovides "$name" 2>/dev/null)
  then printf '%s\\n' "$found"
  else missing="$missing $name"
  fi
done
case $subject in absent | files) exit 0 ;; esac
for spec; do
  name=\${spec%%=*}
  case " $missing " in
    *" $name "*) ;;
    *) if [ "$look" = no ]; then continue; fi ;;
  esac
  case $spec in *=*) asked="$asked $name-\${spec#*=}" ;; *) asked="$asked $name" ;; esac
done
if [ -z "$asked" ]; then exit 0; fi
set -f; set -- $asked
case $manager in
  dnf)
    $manager -q $cached repoquery --latest-limit=1 --qf 'available %{name} %{evr}\\n' "$@"
    if [ "$look" = yes ]; then
      $manager -q $cached repoquery --upgrades --latest-limit=1 --qf 'upgrade %{name} %{evr}\\n' "$@"
    fi ;;
  yum)
    echo 'list available'; yum -q $cached list available "$@"
    if [ "$look" = yes ]; then echo 'list upgrade'; yum -q $cached list updates "$@"; fi ;;
esac 2>/dev/null
exit 0`

/** The Red Hat family: rpm(8), dnf(8), yum(8). Its packages start no services by themselves. */
export function rpm(manager: 'dnf' | 'yum'): PackageManager {
  async function read(context: ReadContext, want: WantedPackages): Promise<Packages> {
    const { names, state } = want
    const look = state === 'latest' || names.some(({ version }) => version !== null)
    const refresh = state === 'latest' && !context.check
    const flag = (set: boolean): string => (set ? 'yes' : 'no')
    const specs = names.map(({ name, version }) => (version === null ? name : `${name}=${version}`))
    const args = [manager, flag(look), subjectOf(want), flag(refresh), ...specs]
    const ask = (env = {}) => output(context, 'look at packages', READ, args, { env: { ...env } })
    const text = (await (refresh ? fromPackageSources(context, ask) : ask())).toString()
    return { packages: parseRpmRead(text, names), dependants: [] }
  }

  async function apply(
    context: ApplyContext,
    steps: readonly PackageStep[],
    want: PackageWant,
  ): Promise<void> {
    for (const [verb, kinds] of TRANSACTIONS)
      await transaction(
        context,
        manager,
        want,
        verb,
        steps.filter(({ kind }) => kinds.includes(kind)),
      )
    if (manager === 'dnf') return
    // yum ends well, without having done anything, where a version that is asked for is older than the present one.
    const changes = steps.filter(({ kind }) => kind === 'change')
    const now = await read(context, { ...want, names: changes.map(({ spec }) => spec) })
    const older = changes.filter(({ spec, from }) => now.packages[spec.name]?.installed[0] === from)
    await transaction(context, manager, want, 'downgrade', older)
  }

  return { read, apply }
}

/** Upgrades are a transaction of their own: `install` leaves what is there alone with older releases. */
const TRANSACTIONS: readonly [verb: string, kinds: readonly PackageStep['kind'][]][] = [
  ['remove', ['remove']],
  ['install', ['install', 'change']],
  ['upgrade', ['upgrade']],
]

async function transaction(
  context: ApplyContext,
  manager: 'dnf' | 'yum',
  want: PackageWant,
  verb: string,
  steps: readonly PackageStep[],
): Promise<void> {
  if (steps.length === 0) return
  await (verb === 'remove'
    ? attempt(context, manager, want, verb, steps, {})
    : fromPackageSources(context, (env) => attempt(context, manager, want, verb, steps, env)))
}

async function attempt(
  context: ApplyContext,
  manager: 'dnf' | 'yum',
  want: PackageWant,
  verb: string,
  steps: readonly PackageStep[],
  proxyEnv: Readonly<Record<string, string>>,
): Promise<void> {
  const options: string[] = []
  if (want.recommends !== undefined && manager === 'dnf')
    options.push(`--setopt=install_weak_deps=${want.recommends ? 'True' : 'False'}`)
  if (want.allow_removals && manager === 'dnf' && verb !== 'remove') options.push('--allowerasing')
  await change(context, manager, want, [...options, verb, ...steps.map(specText)], proxyEnv)
}

/** Runs dnf or yum without questions; nothing is removed because nothing needs it any more. */
export async function change(
  context: ApplyContext,
  manager: 'dnf' | 'yum',
  { lock_timeout: limit }: Pick<PackageWant, 'lock_timeout'>,
  args: readonly string[],
  proxyEnv: Readonly<Record<string, string>>,
): Promise<void> {
  const options = ['-y', EXIT_ON_LOCK, '--setopt=clean_requirements_on_remove=False']
  const $ = context.$({ env: { LC_ALL: 'C', ...proxyEnv }, nothrow: true, unbroken: true })
  await whenUnlocked(context, manager, limit, () => $`${manager} ${options} ${args}`)
}

export const EXIT_ON_LOCK = '--setopt=exit_on_lock=True'

/**
 * Tries again while another process uses the package manager.
 * @throws BringupError PACKAGES_LOCKED with that process; as {@link rpmError} where it fails for another reason
 */
export async function whenUnlocked<R extends RpmResult>(
  { signal }: Pick<ReadContext, 'signal'>,
  manager: 'dnf' | 'yum',
  limit: Seconds,
  work: () => PromiseLike<R>,
): Promise<R> {
  const deadline = performance.now() + limit * 1000
  for (;;) {
    const result = await work()
    if (result.exitCode === 0) return result
    const holder = lockHolder(result)
    if (holder === null) throw rpmError(manager, result)
    if (performance.now() > deadline) throw lockedError(holder, limit)
    await delay(2000, undefined, { signal })
  }
}

const specText = ({ spec: { name, version, file }, to }: PackageStep): string =>
  file ?? (version === null ? name : `${name}-${to ?? version}`)
