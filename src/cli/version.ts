import { readFileSync } from 'node:fs'
import { packageRoot } from './package_root.ts'

const manifest = (): { version: string } =>
  JSON.parse(readFileSync(new URL('package.json', packageRoot()), 'utf8')) as { version: string }

/** The version of this bringup. */
export const version = (): string => manifest().version
