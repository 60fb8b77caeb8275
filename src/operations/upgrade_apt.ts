import { aptError } from './apt_error.ts'
import { refreshLists } from './apt_lists.ts'
import { waitForApt } from './apt_lock.ts'
import { runScript } from './host_script.ts'
import { complete, CONFIGURATION_FILES, CUT_OFF, OPTIONS, transaction } from './package_apt.ts'
import { unreachableSourcesError } from './package_error.ts'
import { troubleOf } from './package_trouble.ts'
import { fromPackageSources } from './through_egress.ts'
import type { UpgradeManager } from './upgrade.ts'
import { parseSimulation } from './upgrade_output.ts'

// Installs what comes new, as a kernel under a name of its own, and removes nothing: apt-get(8).
const UPGRADE = ['--with-new-pkgs', 'upgrade']

const READ = `
ls /var/lib/apt/lists/*Release >/dev/null 2>&1 || echo 'no lists'
${CUT_OFF}
apt-get -s -q "$@"`

/** Debian and its children: what `apt-get upgrade --with-new-pkgs` would do. */
export const aptUpgrade: UpgradeManager = {
  async read(context) {
    const problem = context.check
      ? null
      : await fromPackageSources(context, (env) => refreshLists(context, 'old', env))
    // With old lists nobody knows what the sources have now.
    if (problem !== null) throw troubleOf(problem) ?? unreachableSourcesError(problem)
    const { code, stdout, stderr } = await runScript(context, READ, UPGRADE)
    const text = stdout.toString()
    const cutOff = /^cut off$/m.test(text)
    const isKnown = code === 0 && !text.startsWith('no lists\n')
    if (code !== 0 && !cutOff)
      throw aptError({ exitCode: code, stdout: text, stderr: stderr.toString() }, null)
    return { due: isKnown ? parseSimulation(text) : null, cutOff, kernelPlanned: false }
  },

  async apply(context, now, { lock_timeout }) {
    const want = { start_services: true }
    await waitForApt(context, lock_timeout)
    if (now.cutOff) await complete(context, want, null)
    await fromPackageSources(context, (env) =>
      transaction(context, want, [...OPTIONS, ...CONFIGURATION_FILES, ...UPGRADE], env),
    )
  },
}
