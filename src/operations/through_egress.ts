import type { Egress } from '../connection/egress.ts'
import { listText } from '../connection/egress_rules.ts'
import { BringupError } from '../errors.ts'
import { readPackageSources } from '../facts/gather.ts'
import type { ReadContext } from './operation.ts'

/** Environment of commands that fetch, on a host as it is: with a way out of its own, or the controller's. */
type FetchEnv = Readonly<Record<string, string>>

/**
 * Runs what fetches from the host's package sources, as they are now: a role may have added one since the facts were
 * gathered.
 * @throws BringupError EGRESS_REFUSED where it failed and was refused a place on its way
 */
export async function fromPackageSources<T>(
  context: ReadContext,
  work: (env: FetchEnv) => Promise<T>,
): Promise<T> {
  const { egress, remote, facts } = context
  if (egress !== null) egress.allow(await readPackageSources(remote, facts))
  return throughEgress(egress, work)
}

/** Runs what fetches from these places. @throws BringupError as {@link fromPackageSources} */
export function fromPlaces<T>(
  { egress }: Pick<ReadContext, 'egress'>,
  places: readonly string[],
  work: (env: FetchEnv) => Promise<T>,
): Promise<T> {
  egress?.allow(places)
  return throughEgress(egress, work)
}

async function throughEgress<T>(egress: Egress | null, work: (env: FetchEnv) => Promise<T>): Promise<T> {
  const began = performance.now()
  try {
    return await work(egress?.env ?? {})
  } catch (error) {
    const [first] = egress?.refusedSince(began) ?? []
    if (egress === null || first === undefined || !isOfFetching(error)) throw error
    throw new BringupError('EGRESS_REFUSED', `the way out through the controller is closed: ${first.why}`, {
      expected: `one of the places that it may reach: ${listText(egress.allowed)}`,
      ...(error.details.seen === undefined ? {} : { seen: error.details.seen }),
      remedy: first.remedy,
      cause: error,
    })
  }
}

/** Another failure, as that of a package's own script, is not explained by a place that was refused beside it. */
const isOfFetching = (error: unknown): error is BringupError =>
  error instanceof BringupError && (error.code === 'PACKAGE_UNAVAILABLE' || error.code === 'FETCH_FAILED')
