import { readFile, writeFile } from 'node:fs/promises'

/**
 * Every systemd and D-Bus of every node takes inotify instances (inotify(7)) of the same user, root. The kernel's limit
 * of 128 is enough for a dozen nodes; the next one would say "Too many open files" and not boot.
 */
const instances = { file: '/proc/sys/fs/inotify/max_user_instances', atLeast: 8192 }

/** Raises the machine's limits to what several labs at once need; they stay so until it reboots. */
export async function raiseLimits(): Promise<void> {
  const limit = Number(await readFile(instances.file, 'utf8'))
  if (limit >= instances.atLeast) return
  // Read-only inside of a container: then a few nodes will have to do, and a boot that fails says why.
  await writeFile(instances.file, String(instances.atLeast)).catch(() => undefined)
}
