import {
  DEBIAN_PACKAGE,
  debianVersion,
  PREFERENCES,
  PREFERENCES_TEXT,
} from '../../src/drbd/debian_package.ts'
import { RPM_PARTS } from '../../src/drbd/utils_build.ts'
import type { Release } from '../../src/drbd/versions.ts'
import type { Built } from './build.ts'
import { WORKPLACE } from './places.ts'
import type { Host } from './places.ts'

const PACKAGES = `${WORKPLACE}/packages`

/** A package source may have the same release: it is ours that is wanted, or on RPM systems LINBIT's, as from its spec. */
const wantedOf = (
  { facts }: Pick<Host, 'facts'>,
  { version }: Release,
): { name: string; version: string }[] =>
  facts.packageManager === 'apt'
    ? [{ name: DEBIAN_PACKAGE, version: debianVersion(version) }]
    : RPM_PARTS.map((name) => ({ name, version }))

export async function isInstalled(node: Pick<Host, 'facts' | '$'>, release: Release): Promise<boolean> {
  const wanted = wantedOf(node, release)
  const names = wanted.map(({ name }) => name)
  const read = node.$.read({ nothrow: true })
  const { stdout } = await (node.facts.packageManager === 'apt'
    ? read`dpkg-query -W -f ${'${db:Status-Status} ${Package} ${Version}\\n'} ${names}`
    : read`rpm -q --qf ${'installed %{NAME} %{VERSION}\\n'} ${names}`)
  const lines = stdout.split('\n')
  return wanted.every(({ name, version }) => lines.includes(`installed ${name} ${version}`))
}

/** An upgrade of the distribution, or a package that needs drbd-utils, would else bring the distribution's own. */
export async function keepDistributionAway(node: Host): Promise<void> {
  if (node.facts.packageManager === 'apt') await node.file({ path: PREFERENCES, content: PREFERENCES_TEXT })
}

/** @param built null where all is there, or in check mode */
export async function install(node: Host, release: Release, built: Built | null): Promise<void> {
  if (built === null) {
    const names = wantedOf(node, release).map(({ name, version }) => `${name}=${version}`)
    await node.package({ names, recommends: false, start_services: false })
    return
  }
  for (const path of ['/var/lib/bringup', WORKPLACE, PACKAGES]) await node.directory({ path, mode: '0700' })
  const files = [...built.keys()].map((name) => `${PACKAGES}/${name}`)
  for (const [name, content] of built) await node.file({ path: `${PACKAGES}/${name}`, content })
  await node.package({ files, recommends: false, start_services: false })
}
