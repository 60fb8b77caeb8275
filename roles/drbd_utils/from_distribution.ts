import { DEBIAN_PACKAGE, isOurs, PREFERENCES } from '../../src/drbd/debian_package.ts'
import { RPM_PARTS } from '../../src/drbd/utils_build.ts'
import { utilsServe } from '../../src/drbd/utils_for_module.ts'
import type { Host, Hosts } from './places.ts'
import { noUsageCount } from './usage_count.ts'

/** The distribution's own package. @param module that it is to command */
export async function fromDistribution(
  targets: Hosts,
  module: string,
  warn: (warning: string) => void,
): Promise<void> {
  const warnings = new Set<string>()
  await targets.each(async (node) => {
    const apt = node.facts.packageManager === 'apt'
    if (apt) {
      await node.require(
        'drbd-utils of the distribution, or none',
        async () => {
          const version = await installedVersion(node)
          return version === null || !isOurs(version) || `drbd-utils ${version}, built from source`
        },
        `To go back to the distribution's, take DRBD down on this node, then: rm ${PREFERENCES}; apt-get remove ${DEBIAN_PACKAGE}.`,
      )
      await node.file({ path: PREFERENCES, state: 'absent' })
    }
    const names = apt ? [DEBIAN_PACKAGE] : [...RPM_PARTS]
    await node.package({ names, recommends: false, start_services: false })
    const version = await installedVersion(node)
    // In check mode it may not be there yet.
    if (version !== null)
      for (const warning of await requireServing(node, version, module)) warnings.add(warning)
    await noUsageCount(node)
  })
  for (const warning of warnings) warn(warning)
}

/** As the package manager has it, `9.22.0-1`; null where there is none. */
async function installedVersion(node: Host): Promise<string | null> {
  const read = node.$.read({ nothrow: true })
  const { stdout } = await (node.facts.packageManager === 'apt'
    ? read`dpkg-query -W -f ${'${db:Status-Status} ${Version}'} ${DEBIAN_PACKAGE}`
    : read`rpm -q --qf ${'installed %{VERSION}-%{RELEASE}'} ${DEBIAN_PACKAGE}`)
  return /^installed (\S+)/.exec(stdout)?.[1] ?? null
}

/** @returns what is to be told all the same */
async function requireServing(node: Host, version: string, module: string): Promise<readonly string[]> {
  const upstream = version.replace(/^\d+:/, '').replace(/[-~+].*$/, '')
  const verdict = utilsServe(upstream, module)
  await node.require(
    `drbd-utils that command DRBD ${module}`,
    async () => verdict.ok || `${verdict.refused}: ${verdict.seen}`,
    verdict.ok ? '' : `${verdict.remedy} Set drbd_utils_version to it, to have it built.`,
  )
  return verdict.ok ? verdict.warnings : []
}
