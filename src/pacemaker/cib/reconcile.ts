import { BringupError } from '../../errors.ts'
import { child, replaced, withAttributes } from '../xml.ts'
import type { XmlElement } from '../xml.ts'
import { resolver } from './constraints/reference.ts'
import { reconcileConstraints } from './constraints/section.ts'
import type { Advice, Context } from './context.ts'
import type { Difference } from './difference.ts'
import { generationOf } from './generation.ts'
import { idsOf } from './ids.ts'
import { refuseDangling } from './references.ts'
import { reconcileResources } from './resources.ts'
import type { Cib } from './schema.ts'
import {
  defaultTimeout,
  reconcileDefaults,
  reconcileLevels,
  reconcileProperties,
  sectionOf,
  withSection,
} from './sections.ts'

export interface Reconciled {
  /** The live CIB with what is wanted in it, and its epoch raised by one; the very same where nothing differs. */
  readonly cib: XmlElement
  readonly differences: readonly Difference[]
}

/**
 * What separates a live CIB from the wanted state, and the CIB without those differences: one walk gives both, so that
 * what is announced and what is done cannot part. Nothing that is not mentioned changes, unless `purge` asks for it.
 *
 * @param live the whole answer of `cibadmin --query`
 * @throws BringupError REFUSED where the wanted state cannot be reached without breaking something that stays
 */
export function reconcile(live: XmlElement, wanted: Cib, advice: Advice = () => undefined): Reconciled {
  const before = child(live, 'configuration')
  if (live.name !== 'cib' || before === undefined) {
    throw new BringupError('COMMAND_FAILED', 'cibadmin --query gave no cluster configuration', {
      expected: '<cib> with <configuration>',
      seen: `<${live.name}>`,
    })
  }
  const differences: Difference[] = []
  let configuration = before
  const step = (next: { configuration: XmlElement; differences: readonly Difference[] }) => {
    configuration = next.configuration
    differences.push(...next.differences)
  }
  const base = { generation: generationOf(live), claim: idsOf(live), purge: wanted.purge, advice }
  const early: Context = { ...base, defaultTimeout: defaultTimeout(before) }
  step(reconcileProperties(configuration, wanted.properties, early))
  step(reconcileDefaults(configuration, 'rsc_defaults', wanted.resource_defaults, early))
  step(reconcileDefaults(configuration, 'op_defaults', wanted.operation_defaults, early))

  const context: Context = { ...base, defaultTimeout: defaultTimeout(configuration) }
  const resources = reconcileResources(sectionOf(configuration, 'resources'), wanted, context)
  step({ configuration: withSection(configuration, resources.section), differences: resources.differences })

  const resolve = resolver(configuration)
  const now = sectionOf(configuration, 'constraints')
  const constraints = reconcileConstraints(now, wanted.constraints, resolve, context)
  step({
    configuration: withSection(configuration, constraints.section),
    differences: constraints.differences,
  })
  step(reconcileLevels(configuration, wanted.stonith_levels, context))

  refuseDangling(before, configuration)
  if (differences.length === 0) return { cib: live, differences }
  return { cib: withEpochRaised(replaced(live, before, configuration)), differences }
}

/** The differences between a live CIB and the wanted state, by meaning; empty when it is met. */
export function compare(wanted: Cib, live: XmlElement, advice?: Advice): readonly Difference[] {
  return reconcile(live, wanted, advice).differences
}

/** The live CIB brought to the wanted state; the very same where it is met. */
export function applyTo(live: XmlElement, wanted: Cib, advice?: Advice): XmlElement {
  return reconcile(live, wanted, advice).cib
}

/** Pacemaker takes a patch only from the exact version that it was made from to a higher one. */
function withEpochRaised(cib: XmlElement): XmlElement {
  return withAttributes(cib, { epoch: String(Number(cib.attributes.epoch ?? 0) + 1) })
}
