import { defineRole } from 'bringup'
import type { RoleContext } from 'bringup'
import { utilsServe } from '../../src/drbd/utils_for_module.ts'
import { refusal } from '../../src/drbd/verdict.ts'
import { isRefusal, releaseOf } from '../../src/drbd/versions.ts'
import type { Release } from '../../src/drbd/versions.ts'
import { withoutDrbd } from '../drbd_module/without_drbd.ts'
import { build } from './build.ts'
import type { Built } from './build.ts'
import { fromDistribution } from './from_distribution.ts'
import { install, isInstalled, keepDistributionAway } from './install.ts'
import { builderFor, platformName } from './places.ts'
import type { Hosts } from './places.ts'
import { noUsageCount } from './usage_count.ts'
import { drbdUtilsVars } from './vars.ts'
import type { DrbdUtilsVars } from './vars.ts'

/** The one that kernels bring. */
const IN_TREE = '8.4.11'

export default defineRole({
  summary:
    'The programs that command DRBD are there, of the version that is wanted; nothing was started by that',
  vars: drbdUtilsVars,

  async run(context) {
    const { nodes, vars, warn } = context
    // Hosts that only build have no place in the cluster.
    const targets = nodes.where((node) => !node.groups.includes('builders'))
    const { drbd_utils_version: version } = vars
    if (version === undefined) return targets.each(withoutDrbd)
    const module = vars.drbd_version === 'in-tree' ? IN_TREE : vars.drbd_version
    if (version === 'package') return fromDistribution(targets, module, warn)
    const release = releaseOf('drbd-utils', version)
    if (isRefusal(release)) throw refusal(release)
    const serve = utilsServe(release.text, module)
    if (!serve.ok) throw refusal(serve)
    for (const warning of serve.warnings) warn(warning)
    const built = await buildFor(context, targets, release)
    await targets.each(async (node) => {
      await keepDistributionAway(node)
      await install(node, release, built.get(platformName(node)) ?? null)
      await noUsageCount(node)
    })
  },
})

/** Has the packages built that some node lacks, once per platform. */
async function buildFor(
  { nodes, vars, check, source }: RoleContext<DrbdUtilsVars>,
  targets: Hosts,
  release: Release,
): Promise<ReadonlyMap<string, Built>> {
  const lacking = await targets.map(async (node) =>
    (await isInstalled(node, release)) ? [] : [platformName(node)],
  )
  const built = new Map<string, Built>()
  const platforms = [...new Set(lacking.flat())]
  const builders = platforms.map((platform) => ({
    platform,
    builder: builderFor(nodes, targets, { platform, named: vars.drbd_builder }),
  }))
  if (check)
    for (const { platform, builder } of builders)
      builder.note(`would build drbd-utils ${release.text} for ${platform}, where that was not done before`)
  if (check || platforms.length === 0) return built
  // First of all: somebody may have to be asked about it.
  const tarball = await source({
    product: 'drbd-utils',
    version: release.text,
    tarball: vars.drbd_utils_tarball,
    urls: vars.drbd_utils_urls,
  })
  await nodes.named(...builders.map(({ builder }) => builder.name)).each(async (host) => {
    const platform = platformName(host)
    built.set(platform, await build(host, release, tarball))
  })
  return built
}
