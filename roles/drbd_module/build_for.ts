import type { Node, Nodes, RoleContext } from 'bringup'
import type { Release } from '../../src/drbd/versions.ts'
import { build } from './build.ts'
import type { Built } from './build.ts'
import { buildPackages } from './build_packages.ts'
import { isLeftOver } from './decide.ts'
import { canHaveHeaders, getHeaders } from './headers.ts'
import type { Headers } from './headers.ts'
import type { DrbdModuleVars } from './vars.ts'

type Context = RoleContext<DrbdModuleVars>
type Targets = Nodes<DrbdModuleVars>

/** Who builds for a kernel: the host that is named and in the play, one of the group builders, or the first node that runs it. */
export function builderFor({ nodes, vars }: Context, targets: Targets, kernel: string): Node<DrbdModuleVars> {
  const [named] = nodes.where(({ name }) => name === vars.drbd_builder)
  if (named !== undefined) return named
  const builders = nodes.in('builders')
  const builder = builders.size > 0 ? builders.first : ownerOf(targets, kernel)
  if (vars.drbd_builder !== undefined) builder.note(`it builds: ${vars.drbd_builder} is not in this play`)
  return builder
}

/** The package of a kernel's headers, as it is called for the kernel that a node runs. */
export const headersOf = ({ facts }: Node<DrbdModuleVars>, kernel: string): Headers => ({
  kernel,
  package: facts.kernel.headers.package.replace(facts.kernel.release, kernel),
})

/** Whether an old kernel does without: one that nobody runs, and that can not be built for any more. */
export async function isLeftOut(context: Context, targets: Targets, kernel: string): Promise<boolean> {
  const running = [...targets].map(({ facts }) => facts.kernel.release)
  if (!isLeftOver(kernel, running)) return false
  const headers = headersOf(targets.first, kernel)
  if (await canHaveHeaders(builderFor(context, targets, kernel), headers)) return false
  context.warn(
    `DRBD is not built for the old kernel ${kernel}: its headers (${headers.package}) are not to be had. Remove that kernel, or see that nobody boots it.`,
  )
  return true
}

/** Has the modules of one kernel built. @returns null in check mode */
export async function buildFor(
  context: Context,
  targets: Targets,
  kernel: string,
  { text: version }: Release,
): Promise<Built | null> {
  const { vars, check } = context
  const builder = builderFor(context, targets, kernel)
  // First of all: somebody may have to be asked about it.
  const source = check
    ? null
    : await context.source({
        product: 'drbd',
        version,
        tarball: vars.drbd_tarball,
        urls: vars.drbd_urls,
      })
  await builder.package({ names: buildPackages(builder.facts.packageManager, version), recommends: false })
  const users = running(targets, kernel)
  const kdir = await getHeaders(
    builder,
    headersOf(ownerOf(targets, kernel), kernel),
    users.size > 0 ? users.names : targets.names,
  )
  return source === null || kdir === null ? null : build(builder, { version, kernel, source, kdir })
}

const running = (targets: Targets, kernel: string): Targets =>
  targets.where(({ facts }) => facts.kernel.release === kernel)

function ownerOf(targets: Targets, kernel: string): Node<DrbdModuleVars> {
  const users = running(targets, kernel)
  return users.size > 0 ? users.first : targets.first
}
