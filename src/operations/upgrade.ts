import * as z from 'zod'
import { operation } from './operation.ts'
import type { ApplyContext, Change, ReadContext } from './operation.ts'
import { packageManagerOf } from './package_manager.ts'
import { aptUpgrade } from './upgrade_apt.ts'
import { rpmUpgrade } from './upgrade_rpm.ts'
import { firstNames, isKernel, UPDATES_KEY, updatesDiff, updateText } from './upgrade_state.ts'
import type { Updates } from './upgrade_state.ts'

/** What a package manager is to an update of all. */
export interface UpgradeManager {
  read(context: ReadContext, want: UpgradeWant): Promise<Updates>
  apply(context: ApplyContext, now: Updates, want: UpgradeWant): Promise<void>
}

const params = z.strictObject({
  lock_timeout: z
    .int()
    .positive()
    .default(600)
    .describe('Seconds to wait while another process uses the package manager'),
})

export type UpgradeWant = z.output<typeof params>

/**
 * Brings all packages to what the host's sources have now, by apt, dnf or yum. New ones come along where one needs them
 * (a kernel is one); none is removed, but for what its own distribution replaces by another, and configuration files are
 * kept. Lists of packages are refreshed when they are older than an hour or than the sources, in check mode never.
 */
export const upgrade = operation('upgrade', {
  params,
  outdatesFacts: true,
  subject: () => 'all packages',
  key: () => UPDATES_KEY,
  read: (context, want): Promise<Updates> => managerOf(context).read(context, want),
  plan({ due, cutOff }) {
    const changes: Change[] = cutOff ? [{ summary: 'complete an installation that was cut off' }] : []
    if (due === null)
      return [...changes, { summary: 'update what is older than in the package sources; not known yet what' }]
    const kernels = due.filter(isKernel)
    const others = due.filter((update) => !isKernel(update))
    if (others.length > 0)
      changes.push({
        summary: `update ${others.length} package${others.length === 1 ? '' : 's'}: ${firstNames(others.map(({ name }) => name))}`,
        diff: updatesDiff(others),
      })
    if (kernels.length > 0)
      changes.push({ summary: `update the kernel: ${kernels.map(updateText).join(', ')}` })
    return changes
  },
  apply: (context, _changes, want, now) => managerOf(context).apply(context, now, want),
  after: ({ due, kernelPlanned }): Updates => ({
    due: [],
    cutOff: false,
    kernelPlanned: kernelPlanned || (due ?? []).some(isKernel),
  }),
})

/** What an update of all packages would do now, in words; empty where they are as new as in the host's sources. */
export async function updatesDue(context: ReadContext): Promise<string[]> {
  const want = params.parse({})
  return upgrade.plan(await upgrade.read(context, want), want).map(({ summary }) => summary)
}

function managerOf({ facts }: ReadContext): UpgradeManager {
  const manager = packageManagerOf(facts)
  return manager === 'apt' ? aptUpgrade : rpmUpgrade(manager)
}
