import { compatPatch } from '../../src/drbd/compat_patch.ts'
import { granted } from '../../src/drbd/verdict.ts'
import type { Facts } from '../../src/facts/facts.ts'

/** What compiles the module, besides the headers of the kernel. */
export function buildPackages(manager: Facts['packageManager'], version: string): string[] {
  const tools = ['gcc', 'make', 'perl', 'patch', 'diffutils', 'binutils', 'kmod']
  if (manager !== 'apt') return [...tools, 'elfutils-libelf-devel']
  // Tarballs bring patches for the kernels of the Red Hat family, whose sources do not have spatch, and few for Debian's.
  const spatch = granted(compatPatch(version)).spatch === 'never' ? [] : ['coccinelle']
  return [...tools, 'libelf-dev', ...spatch]
}
