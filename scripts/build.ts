// Strips the types into `dist`, for the npm package: Node strips none inside `node_modules`.
import { rm } from 'node:fs/promises'
import { $ } from 'zx/core'

$.verbose = true
process.chdir(new URL('..', import.meta.url).pathname)
await rm('dist', { recursive: true, force: true })
await $`tsc -p tsconfig.build.json`
