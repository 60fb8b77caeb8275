import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One thing that a server offers, and how badly. */
export interface Offered {
  readonly body: Buffer | string
  /** Its ETag; left out, the server can not tell what is still the same. */
  readonly etag?: string
  /** Holds each answer behind so many bytes, until it is cut off. */
  readonly holdAfter?: number
}

export interface FileServer {
  readonly base: string
  /** What is offered, by path; may be changed. */
  readonly files: Map<string, Offered>
  /** What was asked for: `/a`, or `/a bytes=5-` where a rest of it was. */
  readonly asked: string[]
  /** Breaks off the answers that are held, once so much of the thing has arrived: a `progress` of its own. */
  cut(have: number): void
  close(): Promise<void>
}

/** A web server on loopback that gives out rests of files, as servers of downloads do. */
export async function fileServer(files: Readonly<Record<string, Offered>> = {}): Promise<FileServer> {
  const offered = new Map(Object.entries(files))
  const asked: string[] = []
  const held: Held[] = []
  const server = createServer((request, response) => {
    asked.push([request.url ?? '', request.headers.range ?? []].flat().join(' '))
    const found = offered.get(request.url ?? '')
    if (found === undefined) response.writeHead(404).end('<html><title>not here</title></html>')
    else give(found, request, response, held)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    files: offered,
    asked,
    cut: (have) => held.filter(({ at }) => at === have).forEach(({ response }) => response.destroy()),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

interface Held {
  readonly at: number
  readonly response: ServerResponse
}

function give(
  { body, etag, holdAfter }: Offered,
  request: IncomingMessage,
  response: ServerResponse,
  held: Held[],
): void {
  const bytes = Buffer.from(body)
  const [, start] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? []
  const same = etag !== undefined && request.headers['if-range'] === etag
  const from = start !== undefined && same ? Number(start) : 0
  if (from > bytes.length) {
    response.writeHead(416).end()
    return
  }
  const rest = bytes.subarray(from)
  response.writeHead(from > 0 ? 206 : 200, {
    'content-length': rest.length,
    ...(etag === undefined ? {} : { etag }),
    ...(from > 0 ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {}),
  })
  if (holdAfter === undefined || holdAfter >= rest.length) {
    response.end(rest)
    return
  }
  held.push({ at: from + holdAfter, response })
  response.write(rest.subarray(0, holdAfter))
}
