import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { fetchUrl } from '../../../src/operations/fetch_url.ts'
import { fileServer } from '../../support/file_server.ts'
import type { FileServer, Offered } from '../../support/file_server.ts'
import { project } from '../../support/project.ts'

const body = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7) % 253))
const sha256 = createHash('sha256').update(body).digest('hex')
const signal = new AbortController().signal

async function offering(offered: Offered): Promise<FileServer & { url: URL; directory: string }> {
  const server = await fileServer({ '/drbd.tar.gz': offered })
  onTestFinished(() => server.close())
  return { ...server, url: new URL(`${server.base}/drbd.tar.gz`), directory: project({}) }
}

test('what is fetched is kept under its digest, and nothing else', async () => {
  const { url, directory } = await offering({ body, etag: '"1"' })
  const told: [number, number | null][] = []
  const progress = (have: number, of: number | null): void => void told.push([have, of])
  const fetched = await fetchUrl(url, directory, { signal, progress })
  expect(fetched).toEqual({ file: join(directory, sha256), sha256 })
  expect(readFileSync(fetched.file).equals(body)).toBe(true)
  expect(readdirSync(directory)).toEqual([sha256])
  expect(told.at(-1)).toEqual([body.length, body.length])
})

test('a connection that breaks off is taken up where it broke', async () => {
  const { url, directory, cut, asked } = await offering({ body, etag: '"1"', holdAfter: 100_000 })
  expect((await fetchUrl(url, directory, { signal, progress: cut })).sha256).toBe(sha256)
  expect(asked[0]).toBe('/drbd.tar.gz')
  expect(asked.length).toBeGreaterThanOrEqual(3)
  for (const request of asked.slice(1)) expect(request).toMatch(/^\/drbd\.tar\.gz bytes=[1-9]\d*-$/)
})

test('a later process goes on with what an earlier one has left', async () => {
  const { url, directory, cut, asked, files } = await offering({ body, etag: '"1"', holdAfter: 50_000 })
  await expect(fetchUrl(url, directory, { signal, progress: cut })).rejects.toThrow('aborted')
  const tries = asked.length
  files.set('/drbd.tar.gz', { body, etag: '"1"' })
  expect((await fetchUrl(url, directory, { signal, progress: cut })).sha256).toBe(sha256)
  expect(asked.slice(tries)).toEqual([expect.stringMatching(/ bytes=[1-9]\d*-$/)])
  expect(readdirSync(directory)).toEqual([sha256])
})

test('the rest of another thing is not put behind what is there', async () => {
  const { url, directory, cut, files } = await offering({
    body: Buffer.alloc(300_000),
    etag: '"old"',
    holdAfter: 50_000,
  })
  await expect(fetchUrl(url, directory, { signal, progress: cut })).rejects.toThrow('aborted')
  files.set('/drbd.tar.gz', { body, etag: '"new"' })
  expect((await fetchUrl(url, directory, { signal, progress: cut })).sha256).toBe(sha256)
})

test('what is there is more than the server has: it is fetched anew', async () => {
  const { url, directory, cut, asked, files } = await offering({ body, etag: '"1"', holdAfter: 50_000 })
  await expect(fetchUrl(url, directory, { signal, progress: cut })).rejects.toThrow('aborted')
  const part = readdirSync(directory).find((name) => name.endsWith('.part'))
  writeFileSync(join(directory, part ?? ''), Buffer.alloc(400_000))
  files.set('/drbd.tar.gz', { body, etag: '"1"' })
  expect((await fetchUrl(url, directory, { signal, progress: cut })).sha256).toBe(sha256)
  expect(asked.slice(-2)).toEqual(['/drbd.tar.gz bytes=400000-', '/drbd.tar.gz'])
})

test.each<[string, string | undefined]>([
  ['can not tell what is still the same', undefined],
  ['only knows what is as good', 'W/"1"'],
])('where the server %s, it begins anew', async (_, etag) => {
  const { url, directory, cut, asked, files } = await offering({
    body,
    ...(etag && { etag }),
    holdAfter: 50_000,
  })
  await expect(fetchUrl(url, directory, { signal, progress: cut })).rejects.toThrow('aborted')
  expect(readdirSync(directory)).toEqual([])
  files.set('/drbd.tar.gz', { body })
  expect((await fetchUrl(url, directory, { signal, progress: cut })).sha256).toBe(sha256)
  expect(asked).toEqual(['/drbd.tar.gz', '/drbd.tar.gz'])
})
