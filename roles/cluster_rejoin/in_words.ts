import type { FoundPlan } from './find_plan.ts'

/** What is going to be done, before it is. */
export function inWords(
  { plan, gone, proof }: Pick<FoundPlan, 'plan' | 'gone' | 'proof'>,
  node: string,
): string[] {
  return [...(proof === undefined ? [] : [`${gone} does not run: ${proof}`]), planText(plan, node)]
}

function planText(plan: FoundPlan['plan'], node: string): string {
  switch (plan.do) {
    case 'nothing':
      return `${node} is a member of the cluster`
    case 'start':
      return `${node} has the cluster's file and key, and is started`
    case 'keep':
      return `${node} gets the cluster's file and keys from ${plan.from}, where nothing changes`
    case 'replace': {
      const added = `${plan.add.name} (${plan.add.addresses.join(', ')}) is added to the cluster`
      return plan.remove === null ? added : `${plan.remove} is taken out of the cluster, and ${added}`
    }
  }
}
