// Strips the types into `dist`, for the npm package: Node strips none inside `node_modules`.
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'

process.chdir(new URL('..', import.meta.url).pathname)
rmSync('dist', { recursive: true, force: true })
process.exitCode = spawnSync('tsc', ['-p', 'tsconfig.build.json'], { stdio: 'inherit' }).status ?? 1
