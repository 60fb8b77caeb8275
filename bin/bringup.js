#!/usr/bin/env node
// Plain JavaScript that any Node from 20 on understands. bringup itself needs Node 24, which strips types; where the
// machine's is older, the npm package `node`, one of our dependencies, has brought it.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import module, { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const NEEDED = 24
const root = join(dirname(fileURLToPath(import.meta.url)), '..')
// A checkout runs from its source; a package, where Node strips no types, from `dist`.
const source = join(root, 'src', 'cli', 'main.ts')
const main = existsSync(source) ? source : join(root, 'dist', 'src', 'cli', 'main.js')

if (Number(process.versions.node.split('.')[0]) >= NEEDED) {
  module.enableCompileCache?.()
  endWithLauncher()
  const { main: run } = await import(pathToFileURL(main).href)
  process.exitCode = await run(process.argv.slice(2))
  // What a role left behind (a timer, a socket) does not keep the process, once all output is out.
  for (const stream of [process.stdout, process.stderr])
    await new Promise((written) => stream.write('', () => written()))
  setTimeout(() => process.exit(), 500).unref()
} else {
  // A terminal sends Ctrl-C to the child too, which takes both for one.
  const child = spawn(newerNode(), [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) =>
    signal === null ? process.exit(code ?? 1) : process.kill(process.pid, signal),
  )
}

/** Whoever kills the process that was started means the run, which goes on in this one. */
function endWithLauncher() {
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  process.channel?.unref()
}

function newerNode() {
  const require = createRequire(import.meta.url)
  try {
    return join(dirname(require.resolve('node/package.json')), 'bin', 'node')
  } catch {
    process.stderr.write(
      `bringup needs Node ${NEEDED} or newer; this is ${process.versions.node}, and the npm package "node" that brings a newer one is not installed.\n` +
        'Install bringup again with npm and its install scripts allowed, or install a newer Node.\n',
    )
    process.exit(1)
  }
}
