import { BringupError } from 'bringup'
import type { Shell } from 'bringup'
import { connections } from '../../src/drbd/connected.ts'
import { explainFailure } from '../../src/drbd/build_failure.ts'
import { directionOf } from '../../src/drbd/rejoin/direction.ts'
import { parseKernelFailure } from '../../src/drbd/status/kernel_failure.ts'
import { unconnected } from '../drbd_resource/connect.ts'
import { WATCHED_ADJUST, WRONG_WAY } from './watched_adjust.ts'
import { decide } from './decision.ts'
import type { Decision } from './decision.ts'
import { lookAll } from './look.ts'
import type { Parties } from './parties.ts'

/**
 * Brings the resource up on the node and connects it. The node itself watches which way data go, and cuts the connection
 * as soon as they would go from it, whatever becomes of the controller; then all are asked once more.
 */
export async function comeBack(parties: Parties, check: boolean): Promise<void> {
  const { resource, target, survivors } = parties
  const { name } = resource
  await target.task(`${name} connected, and nothing goes from ${target.name} to the others`, {
    met: async () => {
      const decision = await decide(parties, check)
      return isBack(decision) || `bring up ${name} beside ${survivors.names.join(' and ')}`
    },
    apply: async ({ $ }) => {
      // Again, and nothing between that and the act: what was seen before may be minutes old.
      if (isBack(await decide(parties, false))) return
      await adjust($, parties)
      const asked = await lookAll(resource, target, survivors, target.vars.drbd_versions)
      if (directionOf(asked) === 'wrong') {
        await $({ unbroken: true })`drbdadm disconnect ${name} </dev/null`
        throw wrongWay(parties, 'as all nodes say')
      }
      const missing = connections(resource, asked.reports).missing.filter((one) => one.includes(target.name))
      if (missing.length > 0)
        throw await unconnected(
          [target, ...survivors],
          resource,
          missing,
          `not within ${target.vars.drbd_connect_timeout} s`,
        )
    },
  })
}

const isBack = ({ kind }: Decision): boolean => kind === 'nothing' || kind === 'syncing'

async function adjust($: Shell, parties: Parties): Promise<void> {
  const { resource, target, survivors } = parties
  const { name, volumes } = resource
  // One word of the kernel for each volume and peer tells that all is settled; a diskless peer has none to tell.
  const count = String(volumes.length * survivors.size)
  const seconds = String(target.vars.drbd_connect_timeout)
  const whole = $({ unbroken: true, nothrow: true })
  const { exitCode, stdout, stderr } = await whole`sh -c ${WATCHED_ADJUST} sh ${name} ${seconds} ${count}`
  if (exitCode === 0) return
  const said = `${stderr}\n${stdout}`.trim()
  if (exitCode === WRONG_WAY) throw wrongWay(parties, said)
  const failure = parseKernelFailure(said)
  const { meaning, remedy, lines } = explainFailure(said)
  throw new BringupError('COMMAND_FAILED', `${name} could not be brought up on ${target.name}`, {
    seen: [failure?.meaning ?? meaning, ...lines].filter((line) => line !== null).join('\n'),
    remedy: failure?.remedy ?? remedy ?? 'See the kernel log of this moment: journalctl -k.',
  })
}

const wrongWay = ({ resource: { name }, target, survivors }: Parties, seen: string): BringupError =>
  new BringupError(
    'REFUSED',
    `the data of ${target.name} would have gone over those of ${survivors.names.join(', ')}`,
    {
      expected: `${name}: ${target.name} SyncTarget`,
      seen,
      remedy: `The connection was cut at once, on ${target.name}. See which data are the right ones (drbdadm status, drbdadm get-gi ${name}) before anything is connected again.`,
    },
  )
