/**
 * The package that brings the headers of the running kernel, as its package manager takes it.
 *
 * @param kernelPackage the rpm that owns the running kernel's image, where that is known: `kernel-core`, `vzkernel`
 */
export function headersPackage(
  release: string,
  packageManager: 'apt' | 'dnf' | 'yum' | null,
  kernelPackage: string | null,
): string {
  if (packageManager === 'dnf' || packageManager === 'yum')
    return `${(kernelPackage ?? rpmKernel(release)).replace(/-(core|modules.*)$/, '')}-devel-${release}`
  // Proxmox names its headers after itself since its kernel 6.2; before that, and still as an alias, after PVE.
  if (release.endsWith('-pve')) return `${newerThan(release, 6, 2) ? 'proxmox' : 'pve'}-headers-${release}`
  return `linux-headers-${release}`
}

/** Kernels of the Red Hat family tell in their release who built them. */
function rpmKernel(release: string): string {
  if (/\.vz\d/.test(release)) return 'vzkernel'
  if (/\.el\d+uek/.test(release)) return 'kernel-uek'
  return 'kernel'
}

function newerThan(release: string, major: number, minor: number): boolean {
  const [x = 0, y = 0] = release.split('.').map(Number)
  return x > major || (x === major && y >= minor)
}
