import { expect, test } from 'vitest'
import { foreignClashes, setsCommon } from '../../../src/drbd/foreign_config.ts'
import { renderGlobalCommon } from '../../../src/drbd/render/global_common.ts'
import { renderResource } from '../../../src/drbd/render/resource_file.ts'
import { declared } from './declared.ts'

const pair = declared()
const file = (content: string) => [{ path: '/etc/drbd.d/old.res', content }]

test('a disk that a foreign file has too', () => {
  const clash = ['/etc/drbd.d/old.res has the disk /dev/sdb, which is that of r0']
  expect(foreignClashes([pair], file(renderResource({ ...pair, name: 'old' })))).toEqual(clash)
  expect(foreignClashes([pair], file('on a { disk /dev/sdb; }'))).toEqual(clash)
})

test('none, where it is in a comment, or of another name, or diskless', () => {
  for (const content of ['# disk /dev/sdb;', 'disk /dev/sdb1;', 'meta-disk /dev/sdb;', 'disk none;', ''])
    expect(foreignClashes([pair], file(content))).toEqual([])
})

test.each([
  [renderGlobalCommon(), false],
  ['global { usage-count yes; }\ncommon {\n  handlers {\n  # fence-peer "x";\n  }\n}\n', false],
  ['common { net { max-buffers 36k; } }', true],
  ['', false],
])('settings for all resources: %j', (text, sets) => expect(setsCommon(text)).toBe(sets))
