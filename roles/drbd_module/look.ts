import type { Node } from 'bringup'
import { output } from '../../src/operations/host_script.ts'
import type { ReadContext } from '../../src/operations/operation.ts'
import { readManifest } from '../../src/drbd/module_manifest.ts'
import type { ModuleManifest } from '../../src/drbd/module_manifest.ts'

/** Where the built modules of a kernel lie, by themselves: depmod prefers what is below `updates`. */
export const moduleFolder = (kernel: string): string => `/lib/modules/${kernel}/updates/drbd`
export const MANIFEST = 'manifest.json'

/** What one kernel of a node would load. */
export interface KernelModules {
  readonly release: string
  /** What says that it was installed by this role, whole. */
  readonly manifest: ModuleManifest | null
  /** sha256 of the modules beside it, by file. */
  readonly sums: Readonly<Record<string, string>>
  /** The drbd.ko that modprobe would take; null where there is none. */
  readonly place: string | null
}

/** What the running kernel has loaded, and what it would load now. */
export interface LoadedModule {
  readonly module: string
  /** Null where it is not loaded. */
  readonly loaded: { readonly version: string; readonly srcversion: string } | null
  /** As modinfo says of the file. */
  readonly file: { readonly version: string; readonly srcversion: string } | null
}

export interface NodeModules {
  readonly running: string
  readonly kernels: readonly KernelModules[]
  readonly modules: readonly LoadedModule[]
  /** DRBD devices that are up: `drbd0`. */
  readonly devices: readonly string[]
  /** Why this kernel loads signed modules only, in words; null where it loads any. */
  readonly enforcing: string | null
}

const SCRIPT = `
running=$1; shift
for folder in /lib/modules/*/; do
  kernel=\${folder%/}; kernel=\${kernel##*/}
  # What a removed kernel leaves has no list of what was built into it.
  if [ ! -e "$folder/modules.builtin" ] && [ "$kernel" != "$running" ]; then continue; fi
  printf 'kernel\\t%s\\n' "$kernel"
  if [ -r "$folder/updates/drbd/${MANIFEST}" ]; then
    printf 'manifest\\t%s\\n' "$(head -n 1 "$folder/updates/drbd/${MANIFEST}")"
    for file in "$folder"updates/drbd/*.ko; do
      if [ -e "$file" ]; then printf 'sum\\t%s\\t%s\\n' "\${file##*/}" "$(sha256sum <"$file")"; fi
    done
  fi
  place=$(modinfo -k "$kernel" -n drbd 2>/dev/null) && printf 'place\\t%s\\n' "$place"
done
first() { line=; if [ -r "$1" ]; then IFS= read -r line <"$1"; fi; printf '%s' "$line"; }
for module in "$@"; do
  if [ -d "/sys/module/$module" ]; then
    printf 'loaded\\t%s\\t%s\\t%s\\n' "$module" "$(first "/sys/module/$module/version")" "$(first "/sys/module/$module/srcversion")"
  fi
  if modinfo -k "$running" -n "$module" >/dev/null 2>&1; then
    printf 'file\\t%s\\t%s\\t%s\\n' "$module" "$(modinfo -k "$running" -F version "$module")" "$(modinfo -k "$running" -F srcversion "$module")"
  fi
done
for device in /sys/block/drbd*; do if [ -e "$device" ]; then printf 'device\\t%s\\n' "\${device##*/}"; fi; done
if [ "$(first /sys/module/module/parameters/sig_enforce)" = Y ]; then
  printf 'enforcing\\t%s\\n' 'module.sig_enforce is on'
else
  case $(first /sys/kernel/security/lockdown) in
    *'[integrity]'*|*'[confidentiality]'*) printf 'enforcing\\t%s\\n' 'the kernel is locked down, as with Secure Boot' ;;
  esac
fi
exit 0`

/** @param modules those to look for in the running kernel */
export async function lookAt(
  context: Pick<ReadContext, 'remote'>,
  running: string,
  modules: readonly string[],
): Promise<NodeModules> {
  const text = await output(context, 'look for modules of DRBD', SCRIPT, [running, ...modules])
  return readLook(text.toString(), running, modules)
}

/** The same as a role sees a node. */
export const modulesOn = async <V>(node: Node<V>, modules: readonly string[]): Promise<NodeModules> =>
  readLook(
    (
      await node.$
        .read`sh -c ${`LC_ALL=C; export LC_ALL\n${SCRIPT}`} sh ${node.facts.kernel.release} ${modules}`
    ).stdout,
    node.facts.kernel.release,
    modules,
  )

/** Pure: what the script printed. */
export function readLook(text: string, running: string, names: readonly string[]): NodeModules {
  const kernels: {
    release: string
    manifest: ModuleManifest | null
    sums: Record<string, string>
    place: string | null
  }[] = []
  const [loaded, files] = [new Map<string, Version>(), new Map<string, Version>()]
  const devices: string[] = []
  let enforcing: string | null = null
  for (const line of text.split('\n')) {
    const [what, one = '', two = '', three = ''] = line.split('\t')
    const kernel = kernels.at(-1)
    if (what === 'kernel') kernels.push({ release: one, manifest: null, sums: {}, place: null })
    else if (what === 'manifest' && kernel !== undefined) kernel.manifest = readManifest(one)
    else if (what === 'sum' && kernel !== undefined) kernel.sums[one] = two.slice(0, 64)
    else if (what === 'place' && kernel !== undefined) kernel.place = one
    else if (what === 'loaded') loaded.set(one, { version: two, srcversion: three })
    else if (what === 'file') files.set(one, { version: two, srcversion: three })
    else if (what === 'device') devices.push(one)
    else if (what === 'enforcing') enforcing = one
  }
  const modules = names.map((module) => ({
    module,
    loaded: loaded.get(module) ?? null,
    file: files.get(module) ?? null,
  }))
  return { running, kernels, modules, devices, enforcing }
}

interface Version {
  readonly version: string
  readonly srcversion: string
}
