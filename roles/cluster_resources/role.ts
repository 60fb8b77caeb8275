import { defineRole } from 'bringup'
import { cib } from '../../src/cluster/cib.ts'
import { emptyCib } from '../../src/pacemaker/cib/empty.ts'
import { applyTo } from '../../src/pacemaker/cib/reconcile.ts'
import { cibWarnings } from '../../src/pacemaker/warnings.ts'
import { parseXml } from '../../src/pacemaker/xml.ts'
import { cibOf, clusterVars } from './vars.ts'

export default defineRole({
  summary: 'Properties, resources and constraints are as declared, and the resources run',
  vars: clusterVars,

  async run({ nodes, vars, warn }) {
    const wanted = cibOf(vars)
    await nodes.first.do(
      cib,
      { ...wanted, timeout: vars.cluster_settle_timeout },
      { name: 'cluster configuration' },
    )
    // In check mode there may be no cluster yet; what would come out of it is the same.
    const { exitCode, stdout } = await nodes.first.$.read({ nothrow: true })`cibadmin --query`
    const live = exitCode === 0 ? parseXml(stdout, 'cibadmin --query') : emptyCib()
    for (const warning of cibWarnings(applyTo(live, wanted))) warn(warning)
  },
})
