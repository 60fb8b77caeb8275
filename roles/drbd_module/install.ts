import { BringupError } from 'bringup'
import type { ApplyContext, Node } from 'bringup'
import { manifestText } from '../../src/drbd/module_manifest.ts'
import { runScript } from '../../src/operations/host_script.ts'
import type { Built } from './build.ts'
import { isInstalled } from './decide.ts'
import type { ModuleWanted } from './decide.ts'
import { lookAt, MANIFEST, moduleFolder } from './look.ts'
import type { DrbdModuleVars } from './vars.ts'

/**
 * Brings the modules to one kernel of a node: files with their sums, depmod for that kernel, the initramfs where DRBD is in
 * it. The manifest comes last, so that what was cut off is done again.
 *
 * @param built null in check mode
 */
export async function install(
  node: Node<DrbdModuleVars>,
  kernel: string,
  wanted: ModuleWanted,
  built: Built | null,
): Promise<void> {
  await node.task(`${wanted.name} for ${kernel}`, {
    async met(context) {
      const { kernels } = await lookAt(context, context.facts.kernel.release, [])
      const found = kernels.find(({ release }) => release === kernel)
      const same = built === null || found?.manifest?.source === built.manifest.source
      if (found !== undefined && same && isInstalled(found, wanted)) return true
      return `install it${found?.place == null ? '' : `, before ${found.place}`}`
    },
    async apply(context) {
      if (built !== null) await bring(context, kernel, built)
    },
  })
}

async function bring(context: ApplyContext, kernel: string, { manifest, files }: Built): Promise<void> {
  const folder = moduleFolder(kernel)
  await script(context, PREPARE, [folder])
  for (const [file, bytes] of files) await context.remote.upload(bytes, `${folder}/${file}.new`)
  const sums = manifest.files.map(({ file, sha256 }) => `${sha256}  ${file}.new\n`).join('')
  await script(context, PLACE, [folder, kernel, `${folder}/drbd.ko`], sums)
  await context.remote.upload(Buffer.from(manifestText(manifest)), `${folder}/${MANIFEST}.new`)
  await script(context, FINISH, [folder])
}

const PREPARE = `mkdir -p "$1" && rm -f "$1"/*.new "$1/${MANIFEST}"`

const FINISH = `chmod 0644 "$1/${MANIFEST}.new" && mv "$1/${MANIFEST}.new" "$1/${MANIFEST}"`

// An initramfs that holds DRBD would load its own, as long as it is not made again.
const PLACE = `
folder=$1 kernel=$2 wanted=$3
cd "$folder" && sha256sum -c --quiet - || exit
rm -f ./*.ko
for file in *.new; do chmod 0644 "$file" && mv "$file" "\${file%.new}" || exit; done
if command -v restorecon >/dev/null; then restorecon -R "$folder"; fi
depmod "$kernel" || exit
place=$(modinfo -k "$kernel" -n drbd)
if [ "$place" != "$wanted" ]; then echo "modprobe would take $place" >&2; exit 91; fi
listed() { true; }
image=/boot/initrd.img-$kernel
if command -v lsinitramfs >/dev/null && [ -e "$image" ]; then
  listed() { lsinitramfs "$image"; }
  renew() { update-initramfs -u -k "$kernel"; }
elif image=/boot/initramfs-$kernel.img; command -v lsinitrd >/dev/null && [ -e "$image" ]; then
  listed() { lsinitrd "$image"; }
  renew() { dracut -f "$image" "$kernel"; }
fi
if listed | grep -q '/drbd\\.ko'; then
  renew >&2 || exit
  if listed | grep -q 'kernel/.*/drbd\\.ko'; then echo "$image still holds the kernel's own DRBD" >&2; exit 92; fi
fi
sync`

async function script(
  context: ApplyContext,
  text: string,
  args: readonly string[],
  stdin?: string,
): Promise<void> {
  const { code, stderr } = await runScript(context, text, args, stdin === undefined ? {} : { stdin })
  if (code === 0) return
  throw new BringupError(
    code === 91 ? 'REFUSED' : 'COMMAND_FAILED',
    'the modules of DRBD could not be put in place',
    {
      seen: stderr.toString().trim() || `exit status ${code}`,
      remedy:
        code === 91
          ? 'Another DRBD is installed for this kernel (by hand, DKMS or a package): remove it, and run again.'
          : 'Look at what it says on the node, and run again: it begins anew.',
    },
  )
}
