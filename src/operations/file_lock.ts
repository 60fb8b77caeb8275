import { randomBytes } from 'node:crypto'
import { link, readFile, rm, writeFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'

/**
 * Makes a lock file that holds our process id, whole from its first moment; waits for the process whose it is, and takes
 * it from one that has died.
 */
export async function lockFile(path: string, signal: AbortSignal): Promise<() => Promise<void>> {
  const mine = `${path}-${process.pid}-${randomBytes(6).toString('hex')}`
  await writeFile(mine, String(process.pid))
  try {
    for (;;) {
      signal.throwIfAborted()
      try {
        await link(mine, path)
        return () => rm(path, { force: true })
      } catch (error) {
        if (!isCode(error, 'EEXIST')) throw error
      }
      const holder = await readFile(path, 'utf8').catch(() => null)
      if (holder !== null && !isAlive(Number(holder))) await rm(path, { force: true })
      else await wait(100, undefined, { signal })
    }
  } finally {
    await rm(mine, { force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return isCode(error, 'EPERM')
  }
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code
