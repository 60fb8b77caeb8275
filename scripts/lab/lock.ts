import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Runs `body` under an exclusive flock(2) of `path`, waiting for whoever holds it. A child holds the lock as long as
 * our end of its input is open, so that the kernel frees it however this process ends.
 *
 * @param onWait called once when the lock is not free at once
 */
export async function withLock<T>(path: string, body: () => Promise<T>, onWait?: () => void): Promise<T> {
  await mkdir(dirname(path), { recursive: true })
  const holder = spawn('flock', [path, 'sh', '-c', 'echo held; exec cat >/dev/null'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  })
  const exited = once(holder, 'exit')
  const patience = new AbortController()
  if (onWait !== undefined) void sleep(500, undefined, patience).then(onWait, () => undefined)
  try {
    await Promise.race([
      once(holder.stdout, 'data'),
      exited.then(() => Promise.reject(new Error(`flock ${path} failed`))),
    ])
    patience.abort()
    return await body()
  } finally {
    patience.abort()
    holder.stdin.end()
    await exited
  }
}
