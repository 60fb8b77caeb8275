// Builds `dist`, which the npm package consists of.
import { join } from 'node:path'
import { buildPackage } from './build_package.ts'

await buildPackage(join(import.meta.dirname, '../dist'))
