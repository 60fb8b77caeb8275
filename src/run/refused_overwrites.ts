import { BringupError } from '../errors.ts'
import type { Overwrite } from '../operations/overwrite.ts'

export interface HostOverwrite {
  readonly host: string
  readonly overwrite: Overwrite
}

/**
 * The one error for all devices that must not be written to, on all hosts; undefined where there is none.
 * @param unchanged says what nothing was done of
 */
export function refusedOverwrites(
  all: readonly HostOverwrite[],
  unchanged: string,
): BringupError | undefined {
  const refused = distinct(all.filter(({ overwrite }) => !['free', 'consented'].includes(overwrite.verdict)))
  const unconsented = refused.filter(({ overwrite }) => overwrite.verdict === 'unconsented')
  const [first] = refused
  if (first === undefined) return undefined
  const message =
    refused.length === 1
      ? `${first.overwrite.reason}; ${unchanged}`
      : `${refused.length} devices must not be written to as they are; ${unchanged}`
  const seen = refused.flatMap(({ host, overwrite: { device, holds, reason } }) => [
    `${host}: ${holds[0] ?? device}`,
    ...holds.slice(1).map((line) => `  ${line}`),
    ...(refused.length === 1 ? [] : [`  ${reason}`]),
  ])
  return new BringupError(unconsented.length > 0 ? 'DESTROY_NEEDS_CONSENT' : 'REFUSED', message, {
    seen: seen.join('\n'),
    remedy: remedyOf(refused, unconsented),
  })
}

function remedyOf(refused: readonly HostOverwrite[], unconsented: readonly HostOverwrite[]): string {
  const forbidden = refused.flatMap(({ host, overwrite }) =>
    overwrite.verdict === 'forbidden'
      ? [`${host}, ${overwrite.device}: ${overwrite.remedy ?? 'Name another device.'}`]
      : [],
  )
  if (unconsented.length === 0) return forbidden.join('\n')
  const devices = Map.groupBy(unconsented, ({ host }) => host)
  return [
    ...forbidden,
    'Where all of that may be lost, say so for each device, on the command line:',
    `  ${unconsented.map(({ host, overwrite }) => `--destroy ${host}:${overwrite.device}`).join(' ')}`,
    'or in the inventory, below each host, and take it out again when it is done:',
    ...[...devices].map(
      ([host, on]) => `  ${host}: { destroy: [${on.map(({ overwrite }) => overwrite.device).join(', ')}] }`,
    ),
  ].join('\n')
}

/** Two roles may want the same device. */
function distinct(all: readonly HostOverwrite[]): HostOverwrite[] {
  const known = new Map(
    all.map((one) => [`${one.host}\0${one.overwrite.device}\0${one.overwrite.reason}`, one]),
  )
  return [...known.values()]
}
