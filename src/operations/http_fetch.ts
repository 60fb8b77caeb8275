import { createReadStream } from 'node:fs'
import * as http from 'node:http'
import * as https from 'node:https'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'

const MOST_REDIRECTS = 10
/** Without a byte for so long, a server is taken for dead. */
const IDLE_MILLISECONDS = 60_000

/**
 * What a URL (https, http or file) leads to, as a stream. Redirects are followed, but never from https to http; proxies
 * come from the environment of this process (`https_proxy`, `no_proxy`, …).
 * @throws Error that says in a few words why not
 */
export async function openUrl(url: URL, signal: AbortSignal): Promise<Readable> {
  let at = url
  for (let hops = 0; hops <= MOST_REDIRECTS; hops += 1) {
    if (at.protocol === 'file:') return createReadStream(fileURLToPath(at))
    const response = await request(at, signal)
    const { statusCode = 0, headers } = response
    if (statusCode === 200) return response
    response.resume()
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

function request(url: URL, signal: AbortSignal): Promise<http.IncomingMessage> {
  const { Agent, get } = url.protocol === 'https:' ? https : http
  const agent = new Agent({ proxyEnv: process.env })
  return new Promise((resolve, reject) => {
    const asked = get(url, { agent, signal, headers: { 'accept-encoding': 'identity' } }, resolve)
    asked.on('error', reject)
    asked.setTimeout(IDLE_MILLISECONDS, () =>
      asked.destroy(new Error(`no answer for ${IDLE_MILLISECONDS / 1000} s`)),
    )
  })
}
