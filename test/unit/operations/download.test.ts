import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { download } from '../../../src/operations/download.ts'
import { fetchOnce } from '../../../src/operations/fetch_cache.ts'
import { localBench } from '../../support/operation_bench.ts'
import type { Bench } from '../../support/operation_bench.ts'

const body = Buffer.from(Array.from({ length: 200_000 }, (_, index) => index % 251))
const sha256 = createHash('sha256').update(body).digest('hex')

const asked: string[] = []
const server = createServer((request, response) => {
  asked.push(request.url ?? '')
  if (request.url === '/moved') response.writeHead(302, { location: '/drbd.tar.gz' }).end()
  else if (request.url === '/circle') response.writeHead(302, { location: '/circle' }).end()
  else if (request.url === '/away') response.writeHead(302, { location: 'file:///etc/passwd' }).end()
  else if (request.url === '/other') response.end('something else')
  else if (request.url === '/cut') response.writeHead(200, { 'content-length': '99' }).end('short')
  else if (request.url?.endsWith('/drbd.tar.gz')) response.end(body)
  else response.writeHead(404).end()
})
let base = ''
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => server.close())

describe('download', () => {
  let bench: Bench & { end(): void }
  const at = (name: string) => join(bench.directory, name)
  beforeEach(() => {
    bench = localBench('dash')
    asked.length = 0
  })
  afterEach(() => bench.end())

  test.each(['controller', 'node'] as const)('is fetched once, by the %s', async (via) => {
    const want = { path: at('drbd.tar.gz'), urls: [`${base}/drbd.tar.gz`], sha256, mode: '0640', via }
    expect((await bench.perform(download, want)).changes).toEqual([
      { summary: 'download drbd.tar.gz (0640)' },
    ])
    expect(readFileSync(want.path).equals(body)).toBe(true)
    expect(statSync(want.path).mode & 0o777).toBe(0o640)
    expect((await bench.perform(download, want)).changed).toBe(false)
    expect((await bench.perform(download, { ...want, mode: '0600' })).changes).toEqual([
      { summary: 'mode 0640 → 0600' },
    ])
    expect(asked).toEqual(['/drbd.tar.gz'])
    writeFileSync(want.path, 'broken')
    const [change] = (await bench.perform(download, want)).changes
    expect(change?.summary).toMatch(/^download drbd.tar.gz \(sha256 [0-9a-f]{8}… → [0-9a-f]{8}…\)$/)
    expect(readFileSync(want.path).equals(body)).toBe(true)
    // The controller has it in its cache.
    expect(asked).toHaveLength(via === 'controller' ? 1 : 2)
  })

  test.each(['controller', 'node'] as const)('goes through its URLs, with the %s', async (via) => {
    const urls = [`${base}/nowhere`, `${base}/other`, `${base}/moved`]
    await bench.perform(download, { path: at('a'), urls, sha256, via })
    expect(readFileSync(at('a')).equals(body)).toBe(true)
  })

  test.each(['controller', 'node'] as const)(
    'puts nothing in place that is not it, with the %s',
    async (via) => {
      const want = { path: at('a'), urls: [`${base}/nowhere`, `${base}/other`], sha256, via }
      writeFileSync(at('a'), 'old')
      const failed = bench.perform(download, want)
      await expect(failed).rejects.toMatchObject({ code: 'FETCH_FAILED' })
      await expect(failed).rejects.toMatchObject({
        details: {
          seen: expect.stringMatching(/nowhere:[^]*404[^]*other:[^]*what it gave has sha256/) as unknown,
        },
      })
      expect(readFileSync(at('a'), 'utf8')).toBe('old')
      expect(readdirSync(bench.directory).filter((name) => name.startsWith('.bringup-'))).toEqual([])
    },
  )

  test('in check mode nothing is fetched', async () => {
    const want = { path: at('a'), urls: [`${base}/drbd.tar.gz`], sha256 }
    expect((await bench.check(download, want)).changes).toEqual([{ summary: 'download drbd.tar.gz' }])
    expect(asked).toEqual([])
    expect(existsSync(at('a'))).toBe(false)
  })
})

describe('fetchOnce', () => {
  let projectDirectory = ''
  const context = () => ({
    controller: { projectDirectory, roleDirectory: projectDirectory },
    signal: new AbortController().signal,
  })
  const cache = () => readdirSync(join(projectDirectory, '.bringup/cache'))
  beforeEach(() => {
    projectDirectory = mkdtempSync(join(tmpdir(), 'bringup-test-'))
    asked.length = 0
  })
  afterEach(() => rmSync(projectDirectory, { recursive: true }))

  test('fetches once for hosts that ask at once', async () => {
    const want = { urls: [`${base}/drbd.tar.gz`], sha256 }
    const paths = await Promise.all(Array.from({ length: 5 }, () => fetchOnce(context(), want)))
    expect(new Set(paths).size).toBe(1)
    expect(asked).toEqual(['/drbd.tar.gz'])
    expect(cache()).toEqual([sha256])
  })

  test('does not trust what is in the cache, nor a lock whose process is gone', async () => {
    const want = { urls: [`${base}/drbd.tar.gz`], sha256 }
    const path = await fetchOnce(context(), want)
    writeFileSync(path, 'rotten')
    writeFileSync(`${path}.lock`, '999999999')
    expect(readFileSync(await fetchOnce(context(), want)).equals(body)).toBe(true)
    expect(cache()).toEqual([sha256])
  })

  test.each([
    ['/cut', 'aborted'],
    ['/circle', 'redirects more than 10 times'],
    ['/away', 'redirects to file:'],
  ])('%s: %s', async (path, seen) => {
    await expect(fetchOnce(context(), { urls: [base + path], sha256 })).rejects.toMatchObject({
      code: 'FETCH_FAILED',
      details: { seen: expect.stringContaining(seen) as unknown },
    })
    expect(cache()).toEqual([])
  })

  test('takes a file', async () => {
    const file = join(projectDirectory, 'a b')
    writeFileSync(file, body)
    const path = await fetchOnce(context(), { urls: [`file://${projectDirectory}/a%20b`], sha256 })
    expect(readFileSync(path).equals(body)).toBe(true)
  })
})
