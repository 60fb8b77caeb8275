import { defineRole } from 'bringup'
import type { Nodes, RoleContext } from 'bringup'
import { moduleFiles } from '../../src/drbd/module_files.ts'
import { granted, refusal } from '../../src/drbd/verdict.ts'
import { isRefusal, releaseOf } from '../../src/drbd/versions.ts'
import type { Release } from '../../src/drbd/versions.ts'
import type { Built } from './build.ts'
import { buildFor, isLeftOut } from './build_for.ts'
import { dueKernels, inUse, versionVerdicts } from './decide.ts'
import type { Looked } from './decide.ts'
import { inTree } from './in_tree.ts'
import { install } from './install.ts'
import { load } from './load.ts'
import { modulesOn } from './look.ts'
import type { NodeModules } from './look.ts'
import { renewKernels } from './renew_kernels.ts'
import { takeDown } from './take_down.ts'
import { drbdModuleVars } from './vars.ts'
import type { DrbdModuleVars } from './vars.ts'
import { withoutDrbd } from './without_drbd.ts'

type Targets = Nodes<DrbdModuleVars>

export default defineRole({
  summary: 'The module of DRBD is built for every kernel of the nodes, loaded, and proven to be that one',
  vars: drbdModuleVars,

  async run(context) {
    const { vars } = context
    // Hosts that only build have no place in the cluster, and load nothing.
    const targets = context.nodes.where((node) => !node.groups.includes('builders'))
    const { drbd_version: version } = vars
    if (version === undefined) return targets.each(withoutDrbd)
    if (version === 'in-tree') return inTree(targets)
    const release = releaseOf('drbd', version)
    if (isRefusal(release)) throw refusal(release)
    const wanted = { name: `drbd-${release.text}`, signed: vars.drbd_signing !== undefined }
    // The kernel loads other transports when a configuration asks for them.
    const names = granted(moduleFiles(release.text))
      .files.map(({ module }) => module)
      .filter((module) => ['drbd', 'drbd_transport_tcp'].includes(module))

    const before = await look(targets, names)
    await refuseEarly(context, targets, release, before)
    if (vars.reboot) await renewKernels(context, targets, before, wanted)
    const now = vars.reboot ? await look(targets, names) : before
    const due = dueKernels(now, wanted)
    const built = new Map<string, Built | null>()
    for (const kernel of due)
      if (!(await isLeftOut(context, targets, kernel)))
        built.set(kernel, await buildFor(context, targets, kernel, release))

    await targets.each(async (node) => {
      const { kernels } = modulesOf(now, node.name)
      for (const { release: kernel } of kernels) {
        const modules = built.get(kernel)
        if (modules !== undefined || !due.includes(kernel))
          await install(node, kernel, wanted, modules ?? null)
      }
      if (vars.drbd_take_down) await takeDown(node, names)
      await load(node, names)
    })
  },
})

const look = (targets: Targets, names: readonly string[]): Promise<Looked[]> =>
  targets.map(async (node) => ({ node: node.name, modules: await modulesOn(node, names) }))

const modulesOf = (looked: readonly Looked[], name: string): NodeModules =>
  looked.find(({ node }) => node === name)!.modules

/** All that speaks against it, before anything is changed. */
async function refuseEarly(
  { vars, warn }: RoleContext<DrbdModuleVars>,
  targets: Targets,
  release: Release,
  looked: readonly Looked[],
): Promise<void> {
  const utils = vars.drbd_utils_version === 'package' ? null : vars.drbd_utils_version
  const { refusals, warnings } = versionVerdicts(release.text, looked, utils)
  for (const warning of warnings) warn(warning)
  const [first] = refusals
  if (first !== undefined) throw refusal(first)
  await targets.each(async (node) => {
    const modules = modulesOf(looked, node.name)
    const used = vars.drbd_take_down ? null : inUse(modules, release.text)
    await node.require('no other DRBD in use', async () => used === null || used.seen, used?.remedy ?? '')
    await node.require(
      'a kernel that loads what is built, or a key to sign it with',
      async () => modules.enforcing === null || vars.drbd_signing !== undefined || modules.enforcing,
      SIGNING,
    )
  })
}

const SIGNING = `Make a key on the builder (openssl req -new -x509 -newkey rsa:2048 -nodes -days 3650 -subj "/CN=DRBD modules/" -outform DER -keyout /root/mok.key -out /root/mok.der), copy mok.der to each node, enrol it there (mokutil --import mok.der), reboot and confirm it on the machine's console; then set drbd_signing to the two paths. Or turn Secure Boot off.`
