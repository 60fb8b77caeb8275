import { BringupError } from 'bringup'
import type { Node, Nodes } from 'bringup'
import type { Platform } from '../../src/drbd/utils_needs.ts'
import type { Facts } from '../../src/facts/facts.ts'
import type { DrbdUtilsVars } from './vars.ts'

export type Host = Node<DrbdUtilsVars>
export type Hosts = Nodes<DrbdUtilsVars>

/** Where builders keep sources and what was built of them, and nodes what they are given. */
export const WORKPLACE = '/var/lib/bringup/drbd'

/** Hosts that run what was built on one another: `debian 12 x86_64`. */
export const platformName = ({ facts: { os, architecture } }: Pick<Host, 'facts'>): string =>
  `${os.id} ${os.version.split('.')[0]} ${architecture}`

/** What the rules about packages have to know of a host. @throws BringupError REFUSED */
export function platformOf(host: Pick<Host, 'name' | 'facts'>): Platform {
  const { os, packageManager: manager } = host.facts
  if (manager === null) throw unknownManager(host.facts)
  return {
    manager,
    major: Number.parseInt(os.version, 10) || 0,
    enterprise: os.id !== 'fedora' && [os.id, ...os.like].includes('rhel'),
  }
}

const unknownManager = ({ os }: Facts): BringupError =>
  new BringupError('REFUSED', 'there is no package manager that is known here', {
    expected: 'apt-get with dpkg, dnf or yum',
    seen: os.name,
    remedy: 'Install drbd-utils by other means, and leave this role out.',
  })

/**
 * Who builds for the nodes of one platform: who is named and in the play, a host of the group `builders` that is of it, or its first node.
 * @throws BringupError REFUSED where the one that is named is of another
 */
export function builderFor(
  hosts: Hosts,
  targets: Hosts,
  { platform, named }: { platform: string; named: string | undefined },
): Host {
  const fits = (host: Host): boolean => platformName(host) === platform
  const [builder] = hosts.where(({ name }) => name === named)
  if (builder === undefined) {
    const builders = hosts.in('builders').where(fits)
    const instead = builders.size > 0 ? builders.first : targets.where(fits).first
    if (named !== undefined) instead.note(`it builds: ${named} is not in this play`)
    return instead
  }
  if (fits(builder)) return builder
  throw new BringupError(
    'REFUSED',
    `what ${builder.name} builds does not run on ${targets.where(fits).names.join(', ')}`,
    {
      expected: `a builder that is ${platform}`,
      seen: `${builder.name} is ${platformName(builder)}`,
      remedy:
        'Name a builder of the same platform in `drbd_builder`, or leave it out: the first node then builds.',
    },
  )
}
