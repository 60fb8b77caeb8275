import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import * as http from 'node:http'
import * as https from 'node:https'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Bytes } from '../connection/remote.ts'

const MOST_REDIRECTS = 10
/** Without a byte for so long, a server is taken for dead. */
const IDLE_MILLISECONDS = 60_000

/** What is there already of a thing, to get only the rest of it. */
export interface Begun {
  readonly size: Bytes
  /** By which the server tells whether it is still the same thing: its ETag, or when it was changed. */
  readonly validator: string
}

export interface Answer {
  readonly stream: Readable
  /** Where the stream begins: 0, or the size of what was begun. */
  readonly from: Bytes
  /** Of the whole thing; null where the server does not say. */
  readonly size: Bytes | null
  /** Null where the rest of it could not be asked for later. */
  readonly validator: string | null
}

/**
 * What a URL (https, http or file) leads to. Redirects are followed, but never from https to http; proxies come from the
 * environment of this process (`https_proxy`, `no_proxy`, …).
 * @throws Error that says in a few words why not
 */
export async function openUrl(url: URL, signal: AbortSignal, begun: Begun | null = null): Promise<Answer> {
  let at = url
  for (let hops = 0; hops <= MOST_REDIRECTS; hops += 1) {
    if (at.protocol === 'file:') return openFile(fileURLToPath(at))
    const response = await request(at, signal, begun)
    const { statusCode = 0, headers } = response
    if (statusCode === 200) return answer(response, 0)
    if (statusCode === 206 && begun !== null && isRest(headers['content-range'], begun.size))
      return answer(response, begun.size)
    response.resume()
    if (statusCode === 416 && begun !== null) return openUrl(url, signal)
    if (statusCode < 300 || statusCode >= 400 || headers.location === undefined)
      throw new Error(`the server answered ${statusCode} ${response.statusMessage ?? ''}`.trimEnd())
    const next = new URL(headers.location, at)
    const worse = at.protocol === 'https:' && next.protocol !== 'https:'
    if (worse || !['http:', 'https:'].includes(next.protocol))
      throw new Error(`the server redirects to ${next.protocol}//${next.host}`)
    at = next
  }
  throw new Error(`the server redirects more than ${MOST_REDIRECTS} times`)
}

async function openFile(path: string): Promise<Answer> {
  const { size } = await stat(path)
  return { stream: createReadStream(path), from: 0, size, validator: null }
}

function answer(response: http.IncomingMessage, from: Bytes): Answer {
  const { etag, 'last-modified': modified, 'content-length': length } = response.headers
  // A weak tag says that two things are as good as each other, not that they are the same (RFC 9110, 13.1.5).
  const validator = etag === undefined || etag.startsWith('W/') ? (modified ?? null) : etag
  return { stream: response, from, size: length === undefined ? null : from + Number(length), validator }
}

const isRest = (range: string | undefined, from: Bytes): boolean =>
  range !== undefined && new RegExp(`^bytes ${from}-`, 'i').test(range)

function request(url: URL, signal: AbortSignal, begun: Begun | null): Promise<http.IncomingMessage> {
  const { Agent, get } = url.protocol === 'https:' ? https : http
  const agent = new Agent({ proxyEnv: process.env })
  const headers = {
    'accept-encoding': 'identity',
    ...(begun === null ? {} : { range: `bytes=${begun.size}-`, 'if-range': begun.validator }),
  }
  return new Promise((resolve, reject) => {
    const asked = get(url, { agent, signal, headers }, resolve)
    asked.on('error', reject)
    asked.setTimeout(IDLE_MILLISECONDS, () =>
      asked.destroy(new Error(`no answer for ${IDLE_MILLISECONDS / 1000} s`)),
    )
  })
}
