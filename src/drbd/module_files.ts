import { fine } from './verdict.ts'
import type { Verdict } from './verdict.ts'
import { isRefusal, newerThanKnown, releaseOf, within } from './versions.ts'

/** One file that a build of the module gives. */
export interface ModuleFile {
  readonly file: string
  /** As modprobe and /sys/module know it: with `_` where the file has `-`. */
  readonly module: string
  /** Whether every build gives it; else in words on which kernels. */
  readonly onlyWith: string | null
}

interface Row extends ModuleFile {
  /** Releases that have it, in semver's words. */
  readonly versions: string
}

const row = (module: string, versions: string, onlyWith: string | null = null, file = module): Row => ({
  file: `${file}.ko`,
  module,
  versions,
  onlyWith,
})

/** In the order to load them in: each after what it needs. */
const FILES: readonly Row[] = [
  row('drbd', '*'),
  row('handshake', '>=9.2.6', 'a kernel with CONFIG_TLS and without CONFIG_NET_HANDSHAKE'),
  row('drbd_transport_tcp', '>=9.0.0'),
  row('drbd_transport_lb_tcp', '>=9.2.6', null, 'drbd_transport_lb-tcp'),
  row('drbd_transport_rdma', '>=9.2.0', 'a kernel with CONFIG_INFINIBAND'),
]

/**
 * The files of a release in load order: all of them are to be copied, and signed where modules must be, for a transport
 * that is missing shows only when two nodes connect. The kernel's own `libcrc32c` and `lru_cache` come before them,
 * which modprobe sees to.
 */
export function moduleFiles(module: string): Verdict<{ files: readonly ModuleFile[] }> {
  const release = releaseOf('drbd', module)
  if (isRefusal(release)) return release
  const files = FILES.filter(({ versions }) => within(release, versions))
  return { ...fine(...newerThanKnown(release)), files }
}
