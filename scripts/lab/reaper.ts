import { once } from 'node:events'
import { takeDown } from './down.ts'
import { labPlace } from './place.ts'

/**
 * Waits for the end of the process that owns a lab, then takes the lab down: `node reaper.ts NAME ROOT INCARNATION`.
 * Its input is a pipe that only the owner writes to, so the kernel tells it of that end however it comes, also by
 * SIGKILL. A byte on it means that the lab has gone, or shall stay: nothing is left to do.
 */
const [name = '', root = '', incarnation = ''] = process.argv.slice(2)
const told = Promise.race([
  once(process.stdin, 'data').then(() => true),
  once(process.stdin, 'end').then(() => false),
])
// A Ctrl-C in the owner's terminal is the owner's business.
process.on('SIGINT', () => undefined)
process.on('SIGHUP', () => undefined)
if (!(await told)) await takeDown(labPlace(name, root), incarnation)
process.exit(0)
