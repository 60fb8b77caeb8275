import { onRecord } from '../../cluster/day_two/plan.ts'
import { readState } from '../../cluster/day_two/state.ts'
import { failcountsText } from '../../report/failcounts_text.ts'
import { painter } from '../../report/style.ts'
import { commandLine, onCluster, printJson } from './on_cluster.ts'
import type { ClusterArguments } from './on_cluster.ts'

/** `bringup cluster failcounts`: what has failed and is not forgotten; asked of one node. @returns 0, also with failures */
export async function failcountsCommand(
  resource: string | undefined,
  options: ClusterArguments,
): Promise<number> {
  return onCluster(options, async ({ via }, signal) => {
    const record = onRecord({ resource, node: undefined }, await readState(via.remote, signal))
    if (options.json) printJson({ exitCode: 0, ...record })
    else {
      const paint = painter(process.stdout.hasColors?.() ?? false)
      const cleanup = commandLine(options)(['cleanup', ...(resource === undefined ? [] : [resource])])
      process.stdout.write(`${failcountsText(record, paint, cleanup)}\n`)
    }
    return 0
  })
}
