import { expect, test } from 'vitest'
import { goOnCommand } from '../../../src/cli/go_on.ts'

const plain = {
  inventory: ['hosts.yml'],
  check: false,
  diff: false,
  resume: false,
  extraVars: [],
  destroy: [],
  forks: 50,
  wait: 300,
  output: 'text' as const,
  acceptNew: false,
}

test('the command that goes on is the one that was given, quoted, from where it was started', () => {
  expect(goOnCommand('site.yml', plain, false)).toBe('bringup run site.yml -i hosts.yml --resume')
  const all = {
    ...plain,
    inventory: ['a b.yml', 'c.yml'],
    limit: 'all:!server1',
    tags: ['x', 'y'],
    startAt: 'web',
    extraVars: ["motd=it's me"],
    destroy: ['server1:/dev/sdb', 'server2:/dev/sdb'],
    acceptNew: true,
    diff: true,
  }
  expect(goOnCommand('site.yml', all, true)).toBe(
    `npx bringup run site.yml -i 'a b.yml' -i c.yml --limit 'all:!server1' --tags x,y -e 'motd=it'\\''s me' --destroy server1:/dev/sdb --destroy server2:/dev/sdb --accept-new --diff --resume`,
  )
})
