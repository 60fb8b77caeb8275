import { once } from 'node:events'
import { Readable } from 'node:stream'
import { BringupError } from '../errors.ts'
import { quote } from '../shell/quote.ts'
import { runCommand } from './command.ts'
import type { Lane } from './lane.ts'
import { SMALL_INPUT } from './lane_text.ts'
import { startLast } from './last_job.ts'
import type { Pool } from './pool.ts'
import type { Bytes } from './remote.ts'

interface On {
  readonly pool: Pool
  readonly host: string
}

interface Received {
  readonly sent: Bytes
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/**
 * Writes standard input to a new file and prints its size. `set -C` creates it with O_EXCL: what is there already,
 * even a link to nowhere, is left alone. dd brings it to the disk, since sync(1) of EL 7 knows no files and would wait for
 * all filesystems.
 */
function receiveText(path: string): string {
  const file = quote(path)
  return `umask 077
set -C
: >${file} || exit
set +C
{ cat >${file} && dd if=/dev/null of=${file} conv=notrunc,fsync && wc -c <${file}; } && exit
code=$?
rm -f ${file}
exit $code`
}

/** See {@link Remote.upload}. @throws BringupError COMMAND_FAILED when the file can't be written, CONNECTION_LOST */
export async function upload(on: On, content: Buffer | Readable, path: string): Promise<void> {
  const small = Buffer.isBuffer(content) && content.length <= SMALL_INPUT
  const { sent, code, stdout, stderr } = await (small
    ? sendSmall(on, content, path)
    : sendStream(on, content, path))
  if (code === 0 && Number(stdout.trim()) === sent) return
  if (code === 0) await remove(on, path)
  throw new BringupError('COMMAND_FAILED', `cannot write ${path} on ${on.host}`, {
    host: on.host,
    expected: `${sent} bytes in a new file`,
    seen: code === 0 ? `${stdout.trim()} bytes` : stderr.trim() || `status ${code}`,
  })
}

/** See {@link Remote.download}. @throws BringupError COMMAND_FAILED when the file can't be read, CONNECTION_LOST */
export async function download(on: On, path: string): Promise<Readable> {
  const opened = Promise.withResolvers<boolean>()
  let reading: Lane | null = null
  const content = new Readable({
    read: () => void reading?.channel.stdout.resume(),
    destroy(error, done) {
      reading?.channel.destroy()
      done(error)
    },
  })
  // One byte before the content says that the file could be opened.
  const job = await startLast(on, `exec <${quote(path)} || exit\necho\nexec cat`, (chunk, lane) => {
    opened.resolve(true)
    const rest = reading === null ? chunk.subarray(1) : chunk
    reading = lane
    if (rest.length > 0 && !content.push(rest)) lane.channel.stdout.pause()
  })
  job.ended.then(
    ({ code, stderr }) => {
      const failure = new BringupError('COMMAND_FAILED', `cannot read ${path} on ${on.host}`, {
        host: on.host,
        seen: stderr.trim() || `status ${code}`,
      })
      opened.reject(failure)
      if (code === 0) content.push(null)
      else content.destroy(failure)
    },
    (error: Error) => {
      opened.reject(error)
      content.destroy(error)
    },
  )
  // Until it is handed over, its errors are told by the promise alone.
  content.once('error', () => {})
  await opened.promise
  return content
}

async function sendSmall(on: On, content: Buffer, path: string): Promise<Received> {
  const { code, stdout, stderr } = await runCommand(on, receiveText(path), { stdin: content })
  return { sent: content.length, code, stdout: stdout.toString(), stderr: stderr.toString() }
}

async function sendStream(on: On, content: Buffer | Readable, path: string): Promise<Received> {
  let stdout = ''
  const job = await startLast(on, receiveText(path), (chunk) => (stdout += chunk.toString('utf8')))
  const { stdin } = job.lane.channel
  const source = Buffer.isBuffer(content) ? Readable.from(pieces(content)) : content
  let sent = 0
  let over = false
  let failure: unknown = null
  // Whoever waits for more of the source need not, once nobody takes it.
  const ended = job.ended.finally(() => {
    over = true
    source.destroy()
  })
  try {
    for await (const chunk of source) {
      const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk as Uint8Array)
      sent += bytes.length
      if (!stdin.write(bytes)) await Promise.race([once(stdin, 'drain'), ended])
    }
  } catch (error) {
    if (!over) failure = error
  }
  stdin.end()
  const end = await ended
  if (failure === null) return { sent, stdout, ...end }
  // What came is not all of it, and must not stay. (After a lost connection it does: nothing can be done there.)
  await remove(on, path)
  throw failure
}

function* pieces(content: Buffer, size: Bytes = 1 << 20): Generator<Buffer> {
  for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size)
}

async function remove(on: On, path: string): Promise<void> {
  await runCommand(on, `rm -f ${quote(path)}`)
}
