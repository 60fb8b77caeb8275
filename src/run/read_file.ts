import { BringupError } from '../errors.ts'
import { quote } from '../shell/quote.ts'
import type { HostSession } from './host_session.ts'

const ABSENT = 44

/**
 * A file's bytes, or null where there is none; in check mode as earlier tasks would have left it. Never put on record,
 * since what is read may be a key.
 * @throws BringupError COMMAND_FAILED where there is a file that cannot be read
 */
export async function readFile(
  session: HostSession,
  path: string,
  signal: AbortSignal,
): Promise<Buffer | null> {
  const planned = session.planned.get(`path:${path}`) as { content?: Buffer | null } | undefined
  if (planned !== undefined) return planned.content ?? null
  const file = quote(path)
  const { code, stdout, stderr } = await session.remote.run(
    `[ -e ${file} ] || exit ${ABSENT}; cat -- ${file}`,
    { signal },
  )
  if (code === ABSENT) return null
  if (code === 0) return stdout
  throw new BringupError('COMMAND_FAILED', `cannot read ${path}`, {
    host: session.host.name,
    seen: stderr.toString('utf8').trim(),
  })
}
