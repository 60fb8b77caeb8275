import { expect, test } from 'vitest'
import { parseMountinfo } from '../../../scripts/lab/mounts.ts'

test('mountinfo: optional fields before the dash, blanks as octal', () => {
  const text = [
    '22 1 0:20 / /sys/fs/cgroup rw,nosuid shared:4 master:1 - cgroup2 cgroup2 rw,nsdelegate',
    '31 22 0:40 / /run/a\\040lab rw - overlay bringup-lab rw,lowerdir=/c/warm:/c/root,upperdir=/u,workdir=/w',
    '',
  ]
  expect(parseMountinfo(text.join('\n'))).toEqual([
    { point: '/sys/fs/cgroup', type: 'cgroup2', options: 'rw,nsdelegate' },
    {
      point: '/run/a lab',
      type: 'overlay',
      options: 'rw,lowerdir=/c/warm:/c/root,upperdir=/u,workdir=/w',
    },
  ])
})
