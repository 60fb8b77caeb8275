import { readFile } from 'node:fs/promises'
import { local } from './local.ts'

interface Mount {
  point: string
  type: string
  /** Options of the filesystem, as one string. */
  options: string
}

/** Mounts of this process's namespace, in the order they were made (proc_pid_mountinfo(5)). */
export async function mounts(): Promise<Mount[]> {
  return parseMountinfo(await readFile('/proc/self/mountinfo', 'utf8'))
}

export function parseMountinfo(text: string): Mount[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const fields = line.split(' ')
      const [type = '', , options = ''] = fields.slice(fields.indexOf('-') + 1)
      return { point: unescapePath(fields[4] ?? ''), type, options: unescapePath(options) }
    })
}

/** Blanks and backslashes stand as octal in mountinfo. */
const unescapePath = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)))

/** Mount points at or below a path, the deepest and latest first: the order to unmount them in. */
export async function mountsBelow(path: string): Promise<string[]> {
  const all = await mounts()
  return all
    .map((mount) => mount.point)
    .filter((point) => point === path || point.startsWith(`${path}/`))
    .toReversed()
}

/** Mount points of overlays that have a layer at or below this path. */
export async function mountsUsing(path: string): Promise<string[]> {
  const all = await mounts()
  return all
    .filter((mount) => mount.type === 'overlay')
    .filter((mount) =>
      mount.options.split(/[,:=]/).some((part) => part === path || part.startsWith(`${path}/`)),
    )
    .map((mount) => mount.point)
}

/** @param layers read-only layers, the lowest last */
export async function mountOverlay(
  layers: readonly string[],
  { root, upper, work }: { root: string; upper: string; work: string },
): Promise<void> {
  await local()`mkdir -p ${[root, upper, work]}`
  const options = `lowerdir=${layers.join(':')},upperdir=${upper},workdir=${work}`
  await local()`mount -t overlay -o ${options} bringup-lab ${root}`
}

/** @param layers read-only, the lowest last */
export async function mountLayers(layers: readonly string[], point: string): Promise<void> {
  if (layers.length > 1)
    await local()`mount -t overlay -o ${`lowerdir=${layers.join(':')}`} bringup-lab ${point}`
  else await local()`mount --bind ${layers} ${point}`
}

export async function mountTmpfs(path: string): Promise<void> {
  await local()`mkdir -p ${path}`
  // Half of the memory is tmpfs's own default; each lab has a limit of its own and takes what it writes.
  await local()`mount -t tmpfs -o mode=0755 bringup-lab ${path}`
}

/** Unmounts everything at or below a path; what is busy is detached and goes when its last user does. */
export async function unmountAll(path: string): Promise<void> {
  for (const point of await mountsBelow(path)) {
    const { exitCode } = await local({ nothrow: true })`umount ${point}`
    if (exitCode !== 0) await local({ nothrow: true })`umount --lazy ${point}`
  }
}
