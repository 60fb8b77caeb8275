import { BringupError } from '../../../errors.ts'
import { child, element } from '../../xml.ts'
import type { XmlElement } from '../../xml.ts'
import { readSets } from '../attribute_set.ts'
import { resolver } from '../constraints/reference.ts'
import type { Context } from '../context.ts'
import { generationOf } from '../generation.ts'
import type { Generation } from '../generation.ts'
import { idsOf } from '../ids.ts'
import { compare } from '../reconcile.ts'
import { cibSchema } from '../schema.ts'
import type { Cib } from '../schema.ts'
import { defaultTimeout, sectionOf } from '../sections.ts'
import { readConstraints } from './read_constraints.ts'
import { readResources } from './read_resources.ts'
import { readDefaults, readLevels, readProperties, readRest } from './read_sections.ts'
import { createSecrets } from './secrets.ts'
import type { NamedSecret } from './secrets.ts'

/** A cluster's configuration as it would be declared, and what a declaration has no words for. */
export interface ExportedCib {
  /** It says of the live CIB nothing that would change it. All its constraints and clones have their ids. */
  readonly cib: Cib
  readonly generation: Generation
  /** The cluster's name, where it knows one. */
  readonly name: string | undefined
  /** Ids of constraints that they would have anyway. */
  readonly usualIds: ReadonlySet<string>
  /** The passwords in `cib`, which are printed as their variables. */
  readonly secrets: readonly NamedSecret[]
  /** One line each; none where all is said. Holds no secret. */
  readonly unsaid: readonly string[]
}

/**
 * Reads a live CIB, whatever tool made it, as a declaration of it.
 *
 * @param live the whole answer of `cibadmin --query`
 * @throws BringupError INTERNAL should the declaration ask for any change of the CIB that it was read from
 */
export function exportCib(live: XmlElement): ExportedCib {
  const configuration = child(live, 'configuration') ?? element('configuration')
  const lines: string[] = []
  const unsaid = (line: string): void => void lines.push(line)
  const secrets = createSecrets()
  const reading = { unsaid, secrets }

  const properties = readProperties(configuration, reading)
  const resourceDefaults = readDefaults(configuration, 'rsc_defaults', reading)
  const operationDefaults = readDefaults(configuration, 'op_defaults', reading)
  const { resources, groups } = readResources(sectionOf(configuration, 'resources'), reading)
  const copies = [...resources, ...Object.values(groups)].map(({ clone, promotable }) => promotable ?? clone)
  const said = new Set([
    ...resources.map(({ id }) => id),
    ...Object.keys(groups),
    ...copies.flatMap((copy) => copy?.id ?? []),
  ])
  const generation = generationOf(live)
  const context: Context = {
    generation,
    claim: idsOf(live),
    purge: false,
    advice: () => undefined,
    defaultTimeout: defaultTimeout(configuration),
  }
  const { constraints, usualIds } = readConstraints(
    sectionOf(configuration, 'constraints'),
    said,
    resolver(configuration),
    context,
    unsaid,
  )
  const levels = readLevels(configuration, said, unsaid)
  readRest(configuration, unsaid)

  const cib = cibSchema.parse({
    properties,
    resource_defaults: resourceDefaults,
    operation_defaults: operationDefaults,
    resources,
    groups,
    constraints,
    stonith_levels: levels,
  })
  refuseUnlike(cib, live)
  const name = readSets(child(configuration, 'crm_config'), 'cluster_property_set').get('cluster-name')
  return { cib, generation, name, usualIds, secrets: secrets.all, unsaid: lines }
}

/** Whoever adopts a cluster must be able to rely on it: what is printed changes nothing. */
function refuseUnlike(cib: Cib, live: XmlElement): void {
  const differences = compare(cib, live)
  if (differences.length === 0) return
  throw new BringupError(
    'INTERNAL',
    "the declaration read from the cluster's configuration differs from it",
    {
      seen: differences.map(({ text }) => text).join('\n'),
      remedy: 'Report this with the output of cibadmin --query, without its passwords.',
    },
  )
}
