import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Remote } from '../../../src/connection/remote.ts'
import { BringupError } from '../../../src/errors.ts'
import { lookAtPath } from '../../../src/operations/path_look.ts'
import type { PathItem, PathSight } from '../../../src/operations/path_look.ts'
import { PATHS } from '../../../src/operations/paths_look.ts'
import { localBench, platforms } from '../../support/operation_bench.ts'
import type { Bench } from '../../support/operation_bench.ts'

/** Counts the scripts that are run; `broken` makes another output of what the first prints. */
function counting(
  remote: Remote,
  broken = (stdout: Buffer): Buffer => stdout,
): { remote: Pick<Remote, 'run'>; scripts: number } {
  const counted = {
    scripts: 0,
    remote: {
      async run(...args: Parameters<Remote['run']>) {
        counted.scripts += 1
        const first = counted.scripts === 1
        const result = await remote.run(...args)
        return first ? { ...result, stdout: broken(result.stdout) } : result
      },
    },
  }
  return counted
}

const plain = (sight: PathSight | BringupError): unknown =>
  sight instanceof BringupError
    ? { code: sight.code, seen: sight.details.seen }
    : { ...sight, body: sight.body.toString('latin1').replace(/^(sha256\0.{64}).*/s, '$1') }

describe.each(platforms)('with %s, many paths', (platform) => {
  let bench: Bench & { end(): void }
  const names = [
    'file',
    'empty',
    'binary',
    'large',
    'secret',
    "it's $(x) `y`",
    'new\nline',
    'back\\slash',
    '-rf',
    ' blank ',
    'directory',
    'link',
    'link to nothing',
    'circle',
    'to directory',
    'missing',
    'missing/below',
    'file/below',
    'Größe ✓',
  ]
  const at = (name: string): string => join(bench.directory, name)

  beforeAll(() => {
    bench = localBench(platform)
    for (const name of ['file', "it's $(x) `y`", 'new\nline', 'back\\slash', '-rf', ' blank ', 'Größe ✓'])
      writeFileSync(at(name), `content of ${name}\n`)
    writeFileSync(at('empty'), '')
    writeFileSync(at('binary'), Buffer.from(Array.from({ length: 1000 }, (_, byte) => (byte * 7) % 256)))
    writeFileSync(at('large'), 'x'.repeat(70_000))
    writeFileSync(at('secret'), 'hidden')
    chmodSync(at('secret'), 0o2600)
    mkdirSync(at('directory'), { mode: 0o1750 })
    symlinkSync('file', at('link'))
    symlinkSync('nothing\n', at('link to nothing'))
    symlinkSync('circle', at('circle'))
    symlinkSync(at('directory'), at('to directory'))
  })
  afterAll(() => bench.end())

  const itemOf = (): fc.Arbitrary<PathItem> =>
    fc.record({
      path: fc.constantFrom(...names, '').map((name) => (name === '' ? '/' : at(name))),
      follow: fc.boolean(),
      shown: fc.constantFrom(-1, 20, 65_536, 1_048_576),
    })

  test('are seen together as each is by itself', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(itemOf(), { minLength: 2, maxLength: 32 }), async (items) => {
        const together = await PATHS.ask(bench.remote, items)
        const alone = await Promise.all(
          items.map((item) =>
            lookAtPath(bench.remote, item).catch((error: unknown) => error as BringupError),
          ),
        )
        expect(together.map(plain)).toEqual(alone.map(plain))
      }),
      { numRuns: 25 },
    )
  })

  const few = (): PathItem[] =>
    ['file', 'empty', 'binary', 'large', 'directory', 'link', 'missing', 'missing/below'].map((name) => ({
      path: at(name),
      follow: false,
      shown: 1000,
    }))

  test('take one script, however many they are', async () => {
    const counted = counting(bench.remote)
    await PATHS.ask(counted.remote, few())
    expect(counted.scripts).toBe(1)
  })

  test('are each looked at by itself where something changed in between', async () => {
    const right = (await PATHS.ask(bench.remote, few())).map(plain)
    const shown = Buffer.byteLength('content of file\n') + 1000
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: shown - 1 }),
        fc.constantFrom('shorter', 'other', 'longer'),
        async (from, how) => {
          const counted = counting(bench.remote, (seen) => {
            const place = seen.length - shown + from
            if (how === 'shorter') return seen.subarray(0, place)
            if (how === 'longer')
              return Buffer.concat([seen.subarray(0, place), Buffer.from('more'), seen.subarray(place)])
            const bytes = Buffer.from(seen)
            bytes[place] = bytes[place]! ^ 1
            return bytes
          })
          expect((await PATHS.ask(counted.remote, few())).map(plain)).toEqual(right)
          expect(counted.scripts).toBe(1 + few().length)
        },
      ),
      { numRuns: 30 },
    )
  })
})
