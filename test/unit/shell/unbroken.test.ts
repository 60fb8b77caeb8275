import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { unbroken } from '../../../src/shell/unbroken.ts'
import { project } from '../../support/project.ts'
import { until } from '../../support/until.ts'

const shells = ['dash', 'bash', 'busybox'].filter((shell) => existsSync(`/bin/${shell}`))

const start = (shell: string, script: string) =>
  spawn(shell, [...(shell === 'busybox' ? ['sh'] : []), '-c', script], { stdio: 'pipe' })

describe.each(shells)('in %s, a script that is to come to its end', (shell) => {
  test('prints what it prints, reads what it is given, and ends as it ends', async () => {
    const child = start(shell, unbroken(`set -eu\ncat; printf '\\001\\377' >&2\nexit 3 # no end`))
    child.stdin.end(Buffer.from([0, 255, 10]))
    const ended = new Promise((resolve) => child.once('close', resolve))
    const [stdout, stderr] = await Promise.all([buffer(child.stdout), buffer(child.stderr)])
    expect(stdout).toEqual(Buffer.from([0, 255, 10]))
    expect(stderr).toEqual(Buffer.from([1, 255]))
    expect(await ended).toBe(3)
  })

  test('ends at its first error, and tells it', async () => {
    const child = start(shell, unbroken('set -eu\nfalse\necho more'))
    const ended = new Promise((resolve) => child.once('close', resolve))
    expect((await buffer(child.stdout)).toString()).toBe('')
    expect(await ended).toBe(1)
  })

  test('goes on when nobody takes its output any more', async () => {
    const directory = project({})
    const script = `set -e
      echo begun; read -r word
      n=0; while [ $n -lt 20 ]; do /bin/echo out; /bin/echo error >&2; n=$((n + 1)); done
      touch ${join(directory, 'done')}`
    const child = start(shell, unbroken(script))
    await new Promise((resolve) => child.stdout.once('data', resolve))
    child.stdout.destroy()
    child.stderr.destroy()
    child.stdin.end('go\n')
    await until(async () => existsSync(join(directory, 'done')))
    await until(async () => child.exitCode !== null)
  })
})
