import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cached, cacheRoot } from '../../scripts/lab/cache.ts'
import { local } from '../../scripts/lab/local.ts'
import { withLock } from '../../scripts/lab/lock.ts'

/** What the module of {@link standinTarball} calls itself: Debian's own 8.4. */
export const STANDIN_VERSION = '8.4.11'

const MAKEFILE = `# A stand-in in the layout of a release of DRBD, made by tests of Debian's linux-source: not LINBIT's.
module:
\t$(MAKE) -C $(KDIR) M=$(CURDIR)/drbd CONFIG_BLK_DEV_DRBD=m modules
`

/**
 * A tarball in DRBD's release layout that builds a real module, though LINBIT never released it: `drivers/block/drbd` of
 * Debian's kernel, with one mark more, so that its srcversion is not that of the kernel's own. Made once a week at most.
 * @returns its path
 */
export async function standinTarball(): Promise<string> {
  const root = cacheRoot()
  await mkdir(root, { recursive: true, mode: 0o700 })
  return withLock(join(root, 'standin.lock'), async () => {
    const folder = await cached(root, 'standin', 'standin-1', make)
    return join(folder, `drbd-${STANDIN_VERSION}.tar.gz`)
  })
}

async function make(into: string): Promise<void> {
  const $ = local({ cwd: into })
  const name = `drbd-${STANDIN_VERSION}`
  const tree = join(into, name)
  await $`apt-get download -q -o APT::Sandbox::User=root linux-source-6.1`
  await $`dpkg-deb --fsys-tarfile linux-source-6.1_*.deb | tar -xO --wildcards '*/linux-source-6.1.tar.xz' | tar -xJ --wildcards --strip-components=3 '*/drivers/block/drbd/*'`
  await mkdir(tree)
  await $`mv drbd ${tree}/drbd`
  await writeFile(join(tree, 'Makefile'), MAKEFILE)
  await writeFile(join(tree, 'drbd/.drbd_git_revision'), 'GIT-hash: a stand-in of the tests\n')
  const main = join(tree, 'drbd/drbd_main.c')
  await writeFile(main, `${await readFile(main, 'utf8')}\nMODULE_INFO(standin, "made by tests");\n`)
  await $`tar --sort=name --mtime=@0 --owner=0 --group=0 -cf - ${name} | gzip -n > ${name}.tar.gz`
  await Promise.all([rm(tree, { recursive: true }), $`rm -f ./*.deb`])
}
