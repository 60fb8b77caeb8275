import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Everything on this machine that bears a lab's name: mounts, namespaces, control groups, processes, files. Written
 * without the lab's own code, which is what it judges.
 */
export async function traces(name: string): Promise<string[]> {
  const mountinfo = await readFile('/proc/self/mountinfo', 'utf8')
  const folders = [
    '/run/netns',
    '/run/bringup-lab',
    '/run/systemd/nspawn/propagate',
    new URL('../../.lab', import.meta.url).pathname,
    '/sys/fs/cgroup',
    '/sys/fs/cgroup/unified',
    '/sys/fs/cgroup/systemd',
  ]
  const entries = await Promise.all(
    folders.map(async (folder) => {
      const names = await readdir(folder).catch(() => [])
      return names.map((entry) => join(folder, entry))
    }),
  )
  const pids = (await readdir('/proc')).filter(
    (entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid,
  )
  const processes = await Promise.all(
    pids.map(async (pid) => {
      const read = (file: string): Promise<string> => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')
      const text = `${await read('cmdline')} ${await read('cgroup')}`
      return `process ${pid} ${text.replaceAll(/[\0\n]/g, ' ')}`
    }),
  )
  return [...mountinfo.split('\n'), ...entries.flat(), ...processes].filter((line) => line.includes(name))
}
