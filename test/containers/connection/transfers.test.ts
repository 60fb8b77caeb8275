import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { raiseLab } from '../../../scripts/lab/raise.ts'
import type { Lab } from '../../../scripts/lab/raise.ts'
import type { Remote } from '../../../src/connection/remote.ts'
import { connectLab, processes } from './lab_host.ts'

let lab: Lab
const remotes: Record<string, Remote> = {}

beforeAll(async () => {
  lab = await raiseLab({ nodes: 1 })
  remotes['root'] = await connectLab(lab, 'server1')
  remotes['admin with sudo and a password'] = await connectLab(lab, 'server1', {
    user: 'admin',
    become: true,
    becomePassword: lab.adminPassword,
  })
})
afterAll(async () => {
  await Promise.all(Object.values(remotes).map((remote) => remote.close()))
  await lab?.down()
})

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
const onNode = async (script: string): Promise<string> => (await lab.exec('server1', script)).stdout.trim()

describe.each(['root', 'admin with sudo and a password'])('%s', (who) => {
  const remote = (): Remote => remotes[who]!
  let count = 0
  const newPath = (): string => `/root/file ${who.length} ${(count += 1)}`

  test.each([0, 1, 16 * 1024, 16 * 1024 + 1, 5_000_000])(
    'sends and fetches %i bytes as they are',
    async (size) => {
      const path = newPath()
      const content = randomBytes(size)
      await remote().upload(content, path)
      expect(await onNode(`stat -c '%a %U %s' '${path}'; sha256sum <'${path}'`)).toBe(
        `600 root ${size}\n${sha256(content)}  -`,
      )
      expect(sha256(await buffer(await remote().download(path)))).toBe(sha256(content))
    },
  )

  test('sends a stream, and only as fast as it is taken', async () => {
    const path = newPath()
    const piece = randomBytes(1 << 20)
    let given = 0
    const content = Readable.from(
      (function* () {
        for (; given < 40; given += 1) yield piece
      })(),
    )
    await remote().upload(content, path)
    expect(await onNode(`stat -c %s '${path}'`)).toBe(String(40 << 20))
  })

  test('a stream that breaks leaves no file', async () => {
    const path = newPath()
    const content = Readable.from(
      (async function* () {
        yield randomBytes(100_000)
        throw new Error('the source broke')
      })(),
    )
    await expect(remote().upload(content, path)).rejects.toThrow('the source broke')
    expect(await onNode(`ls '${path}' 2>&1`)).toMatch(/No such file/)
  })

  test('a host that takes no more does not wait for a source that gives no more', async () => {
    const silent = new Readable({ read() {} })
    silent.push(randomBytes(100_000))
    await expect(remote().upload(silent, '/dev/full/x')).rejects.toMatchObject({ code: 'COMMAND_FAILED' })
    expect(silent.destroyed).toBe(true)
  })

  test.each([
    ['a file', (path: string) => `echo old >'${path}'`],
    ['a link to a file', (path: string) => `echo old >'${path}.to'; ln -s '${path}.to' '${path}'`],
    ['a link to nothing', (path: string) => `ln -s '${path}.none' '${path}'`],
    ['a directory', (path: string) => `mkdir '${path}'`],
  ])('does not write to %s that is there', async (_, make) => {
    const path = newPath()
    await onNode(make(path))
    for (const content of [Buffer.from('new'), randomBytes(100_000)])
      await expect(remote().upload(content, path)).rejects.toMatchObject({
        code: 'COMMAND_FAILED',
        message: `cannot write ${path} on server1`,
      })
    expect(await onNode(`cat '${path}' '${path}.to' '${path}.none' 2>/dev/null | sort -u`)).toMatch(
      /^(old)?$/,
    )
  })

  test('a full disk is told, and nothing of the file stays', async () => {
    const disk = `/mnt/small${who.length}`
    await onNode(`mkdir ${disk}; mount -t tmpfs -o size=1m none ${disk}`)
    for (const content of [randomBytes(3_000_000), Readable.from([randomBytes(3_000_000)])])
      await expect(remote().upload(content, `${disk}/file`)).rejects.toMatchObject({
        code: 'COMMAND_FAILED',
        details: { seen: expect.stringContaining('No space left on device') },
      })
    expect(await onNode(`ls ${disk}; umount ${disk}`)).toBe('')
  })

  test.each([
    ['that is not there', '/root/none', /No such file|nonexistent/],
    ['that is a directory', '/root', /Is a directory/],
  ])('fetching a file %s is an error', async (_, path, seen) => {
    const fetched = remote().download(path).then(buffer)
    await expect(fetched).rejects.toMatchObject({
      code: 'COMMAND_FAILED',
      message: `cannot read ${path} on server1`,
      details: { seen: expect.stringMatching(seen) },
    })
  })

  test('a download that is not wanted any more ends on the host', async () => {
    const content = await remote().download('/dev/zero')
    for await (const chunk of content) if (chunk.length > 0) break
    await expect.poll(() => processes(lab, 'server1', 'cat')).toEqual([])
  })

  test('many transfers wait for each other, and commands for none of them', async () => {
    const paths = Array.from({ length: 8 }, newPath)
    const uploads = paths.map((path) => remote().upload(randomBytes(300_000), path))
    expect((await remote().run('echo between')).stdout.toString()).toBe('between\n')
    await Promise.all(uploads)
    const sizes = await onNode(`stat -c %s ${paths.map((path) => `'${path}'`).join(' ')}`)
    expect(sizes).toBe(paths.map(() => '300000').join('\n'))
  })
})
