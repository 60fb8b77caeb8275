import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createSources } from '../../../src/sources/create_sources.ts'
import type { SourceWanted } from '../../../src/sources/source.ts'
import { fileServer } from '../../support/file_server.ts'
import type { FileServer, Offered } from '../../support/file_server.ts'
import { errorsOf, project } from '../../support/project.ts'
import { RELEASED, tarballOf } from '../../support/release_tarball.ts'

const real = tarballOf('drbd-9.2.16')
const other = tarballOf('drbd-9.2.16', { ...RELEASED, 'drbd/changed.c': 'int changed;\n' })
const PAGE = '<!DOCTYPE html>\n<html><head><title>Please log in</title></head></html>'

/** A run beside an inventory, with somebody who answers (null: nobody). */
function site(answer: boolean | null = null, lock?: string) {
  const directory = project(lock === undefined ? {} : { 'sources.lock.yml': lock })
  const [asked, told]: [string[], string[]] = [[], []]
  const lockFile = join(directory, 'sources.lock.yml')
  /** As one run of its own. */
  const get = (wanted: Partial<SourceWanted> = {}, of = run()) =>
    of({ product: 'drbd', version: '9.2.16', ...wanted }, directory)
  const run = () =>
    createSources({
      lockFile,
      projectDirectory: directory,
      cwd: directory,
      signal: new AbortController().signal,
      confirm: async (question) => {
        asked.push(question)
        return answer
      },
      progress: (message) => told.push(message),
      note: (message) => told.push(message),
    })
  return { directory, asked, told, run, get, locked: () => readFileSync(lockFile, 'utf8'), lockFile }
}

async function serving(
  files: Readonly<Record<string, Offered>>,
): Promise<FileServer & { url(path: string): string }> {
  const server = await fileServer(files)
  onTestFinished(() => server.close())
  return { ...server, url: (path) => server.base + path }
}

const lockOf = ({ sha256 }: { sha256: string }): string =>
  `sources:\n  drbd-9.2.16: { sha256: "${sha256}" }\n`

test('at first use somebody is asked, and what is taken in is locked', async () => {
  const { url } = await serving({ '/d.tar.gz': { body: real.bytes } })
  const { get, asked, told, locked, directory } = site(true)
  const source = await get({ urls: [url('/d.tar.gz')] })
  expect(source).toEqual({
    name: 'drbd-9.2.16',
    sha256: real.sha256,
    file: join(directory, '.bringup/cache', real.sha256),
    folder: 'drbd-9.2.16',
  })
  expect(asked).toEqual([
    `drbd-9.2.16 is not in sources.lock.yml yet. From ${url('/d.tar.gz')} comes one with sha256 ${real.sha256}. Is it the right one, to be built from now on?`,
  ])
  expect(locked()).toContain(`drbd-9.2.16:\n    sha256: ${real.sha256}\n    from: ${url('/d.tar.gz')}\n`)
  expect(told.at(-1)).toContain('is locked in sources.lock.yml')
})

test('then it is neither asked for nor fetched again', async () => {
  const { url, asked: requests } = await serving({ '/d.tar.gz': { body: real.bytes } })
  const { get, asked } = site(true)
  const first = await get({ urls: [url('/d.tar.gz')] })
  expect(await get({ urls: [url('/d.tar.gz')] })).toEqual(first)
  expect([asked.length, requests.length]).toEqual([1, 1])
})

test('two that ask in one run get one download and one question', async () => {
  const { url, asked: requests } = await serving({ '/d.tar.gz': { body: real.bytes } })
  const { get, asked, run } = site(true)
  const one = run()
  const urls = [url('/d.tar.gz')]
  const [first, second] = await Promise.all([get({ urls }, one), get({ urls }, one)])
  expect(second).toEqual(first)
  expect([asked.length, requests.length]).toEqual([1, 1])
})

test('where nobody can be asked, the error has the line to add; with it, nothing is fetched again', async () => {
  const { url, asked: requests } = await serving({ '/d.tar.gz': { body: real.bytes } })
  const { get, directory, lockFile } = site(null)
  const urls = [url('/d.tar.gz')]
  const said = await errorsOf(() => get({ urls }), url(''))
  expect(said).toContain('SOURCE_UNKNOWN')
  expect(said).toContain('nobody is here to say that it is the right one')
  const line = `drbd-9.2.16: { sha256: "${real.sha256}" }`
  expect(said).toContain(`add to sources.lock.yml, below "sources:": ${line}`)
  expect(existsSync(lockFile)).toBe(false)
  writeFileSync(join(directory, 'sources.lock.yml'), `sources:\n  ${line}\n`)
  expect((await get({ urls })).sha256).toBe(real.sha256)
  expect(requests).toHaveLength(1)
})

test('a no is a no', async () => {
  const { url } = await serving({ '/d.tar.gz': { body: real.bytes } })
  const { get, lockFile } = site(false)
  await expect(get({ urls: [url('/d.tar.gz')] })).rejects.toMatchObject({ code: 'SOURCE_UNKNOWN' })
  expect(existsSync(lockFile)).toBe(false)
})

test('another one than is locked is refused, and not kept', async () => {
  const { url } = await serving({ '/d.tar.gz': { body: other.bytes } })
  const { get, asked, directory } = site(true, lockOf(real))
  await expect(get({ urls: [url('/d.tar.gz')] })).rejects.toMatchObject({
    code: 'SOURCE_CHANGED',
    details: { at: { file: 'sources.lock.yml', line: 2 } },
  })
  expect(asked).toEqual([])
  expect(readdirSync(join(directory, '.bringup/cache'))).toEqual([])
})

test('the first URL that gives the locked one is taken', async () => {
  const { url } = await serving({
    '/page': { body: PAGE },
    '/other': { body: other.bytes },
    '/d.tar.gz': { body: real.bytes },
  })
  const { get } = site(null, lockOf(real))
  const urls = ['/nowhere', '/page', '/other', '/d.tar.gz'].map(url)
  expect((await get({ urls })).sha256).toBe(real.sha256)
})

test('a web page with status 200 is told as one, before anybody is asked about its sum', async () => {
  const { url } = await serving({ '/d.tar.gz': { body: PAGE } })
  const { get, asked } = site(true)
  await expect(get({ urls: [url('/d.tar.gz')] })).rejects.toMatchObject({
    code: 'SOURCE_WRONG',
    message: expect.stringContaining('gave a web page, not the tarball of drbd 9.2.16') as unknown,
    details: { seen: 'Please log in' },
  })
  expect(asked).toEqual([])
})

test.each<[string, Buffer | string, string]>([
  ['half a tarball', real.bytes.subarray(0, real.bytes.length / 2), 'gave no whole tarball'],
  ['nothing', '', 'gave no whole tarball'],
  ['another version', tarballOf('drbd-9.2.15').bytes, 'holds another version'],
  ['an archive of GitHub', tarballOf('drbd-9.2.16', { Makefile: 'all:\n' }).bytes, 'is no release tarball'],
])('%s is told before anybody is asked about its sum', async (_, body, message) => {
  const { url } = await serving({ '/d.tar.gz': { body } })
  const { get, asked, directory } = site(true)
  await expect(get({ urls: [url('/d.tar.gz')] })).rejects.toMatchObject({
    code: 'SOURCE_WRONG',
    message: expect.stringContaining(message) as unknown,
  })
  expect(asked).toEqual([])
  expect(readdirSync(join(directory, '.bringup/cache'))).toEqual([])
})

test('what no URL gives is told URL by URL, without the logins in them', async () => {
  const { url } = await serving({ '/page': { body: PAGE } })
  const { get } = site(true)
  const withLogin = url('/nowhere').replace('http://', 'http://me:hunter2@')
  const said = await errorsOf(() => get({ urls: [withLogin, url('/page')] }))
  expect(said).toMatch(/FETCH_FAILED/)
  expect(said).toMatch(/nowhere: the server answered 404[^]*gave a web page/)
  expect(said).not.toContain('hunter2')
})

test('a path on the controller is taken as it is, and locked as well', async () => {
  const { get, directory, locked, asked } = site(true)
  const file = join(directory, 'd.tar.gz')
  writeFileSync(file, real.bytes)
  expect(await get({ tarball: 'd.tar.gz' })).toEqual({
    name: 'drbd-9.2.16',
    sha256: real.sha256,
    file,
    folder: 'drbd-9.2.16',
  })
  expect(locked()).toContain(`from: ${file}`)
  writeFileSync(file, other.bytes)
  await expect(get({ tarball: 'd.tar.gz' })).rejects.toMatchObject({ code: 'SOURCE_CHANGED' })
  expect(asked).toHaveLength(1)
})

test('a release candidate is no release', async () => {
  await expect(site(true).get({ version: '9.2.16-rc.1' })).rejects.toMatchObject({ code: 'REFUSED' })
})
