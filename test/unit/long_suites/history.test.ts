import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { historyOf } from '../../../scripts/long_suites/history.ts'

const TODAY = 20_000
const HOUR = 3600

let folder: string
let origin: string
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'bringup-history-')))
  origin = join(folder, 'origin')
  mkdirSync(origin)
  git(origin, 'init', '-q', '-b', 'main')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function git(cwd: string, ...args: string[]): void {
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
    cwd,
    stdio: 'ignore',
  })
}

/** A commit of one file, this many hours after a moment in the past. */
function commit(cwd: string, file: string, hours: number): void {
  writeFileSync(join(cwd, file), `${hours}\n`)
  git(cwd, 'add', file)
  const date = `${1_700_000_000 + hours * HOUR} +0000`
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', 'commit', '-q', '-m', file], {
    cwd,
    env: { ...process.env, GIT_COMMITTER_DATE: date, GIT_AUTHOR_DATE: date },
  })
}

function clone(...options: string[]): string {
  const to = join(folder, 'clone')
  git(folder, 'clone', '-q', ...options, `file://${origin}`, to)
  return to
}

test('a branch: what differs from origin/main, with what is not committed', () => {
  commit(origin, 'old.ts', 0)
  const tree = clone()
  commit(tree, 'new.ts', 100)
  commit(tree, 'später "b".ts', 200)
  writeFileSync(join(tree, 'old.ts'), 'edited')
  writeFileSync(join(tree, 'untracked.ts'), '')
  expect(historyOf(tree, TODAY)).toEqual({
    changed: ['new.ts', 'old.ts', 'später "b".ts', 'untracked.ts'],
    since: 'since origin/main',
    turn: 3,
  })
})

test('main itself, as in a fresh clone: the day before its last commit', () => {
  commit(origin, 'first.ts', 0)
  commit(origin, 'second.ts', 30)
  commit(origin, 'third.ts', 50)
  expect(historyOf(clone(), TODAY)).toEqual({
    changed: ['second.ts', 'third.ts'],
    since: 'within the last day of commits',
    turn: 3,
  })
})

test('a young history: everything may have changed', () => {
  commit(origin, 'first.ts', 0)
  commit(origin, 'second.ts', 1)
  expect(historyOf(clone(), TODAY)).toMatchObject({ changed: null, turn: 2 })
})

test('a shallow clone counts days, since it cannot count commits', () => {
  commit(origin, 'first.ts', 0)
  commit(origin, 'second.ts', 100)
  expect(historyOf(clone('--depth', '1'), TODAY)).toMatchObject({ changed: null, turn: TODAY })
})

test('no git: everything may have changed; a tree inside of another repository is none of its', () => {
  expect(historyOf(folder, TODAY)).toMatchObject({ changed: null, turn: TODAY })
  const exported = join(origin, 'exported')
  mkdirSync(exported)
  commit(origin, 'first.ts', 0)
  expect(historyOf(exported, TODAY)).toMatchObject({ changed: null, turn: TODAY })
})
