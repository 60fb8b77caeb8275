import { describe, expect, test } from 'vitest'
import { placeInRole } from '../../../src/run/role_place.ts'

const engine = {
  source: '/opt/node_modules/bringup/dist/src/',
  bin: '/opt/node_modules/bringup/bin/',
  root: '/opt/node_modules/bringup/',
}
const place = (...frames: string[]): unknown =>
  placeInRole(['Error: no', ...frames.map((frame) => `    at ${frame}`)].join('\n'), '/site', engine)

const ROLE = 'file:///site/roles/web/role.ts:12:5'
const at = { file: 'roles/web/role.ts', line: 12, column: 5 }

describe('the place in a role that an error came from', () => {
  test.each([
    ['the role itself', [`Object.run (${ROLE})`]],
    ['an async frame', [`async Object.run (${ROLE})`]],
    ['a frame without a name', [ROLE]],
    ['an async frame without a name', [`async ${ROLE}`]],
    ['behind Node’s own', ['JSON.parse (<anonymous>)', 'node:internal/timers:1:2', `run (${ROLE})`]],
    ['behind a package’s', [`f (/site/node_modules/semver/index.js:1:2)`, `run (${ROLE})`]],
    ['a path with brackets in a name', [`Object.run [as go] (${ROLE})`]],
  ])('%s', (_, frames) => {
    expect(place(...frames)).toEqual({ at, throughEngine: false })
  })

  test('behind the engine’s own frames is where the role called it', () => {
    expect(place('f (file:///opt/node_modules/bringup/dist/src/run/task.js:3:4)', `run (${ROLE})`)).toEqual({
      at,
      throughEngine: true,
    })
  })

  test('may be in a role that comes with the engine', () => {
    expect(place('run (file:///opt/node_modules/bringup/dist/roles/web/role.js:1:2)')).toMatchObject({
      at: { file: '/opt/node_modules/bringup/dist/roles/web/role.js' },
    })
    expect(place('f (/opt/node_modules/bringup/node_modules/zod/index.js:1:2)')).toBeUndefined()
  })

  test('is none where there is no role on the stack', () => {
    expect(
      place('file:///opt/node_modules/bringup/bin/bringup.js:18:20', 'eval at x (<anonymous>)'),
    ).toBeUndefined()
    expect(placeInRole(undefined, '/site')).toBeUndefined()
  })
})
