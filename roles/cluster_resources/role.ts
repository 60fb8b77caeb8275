import { defineRole } from 'bringup'
import { cib } from '../../src/cluster/cib.ts'
import { cibOf, clusterVars } from './vars.ts'

export default defineRole({
  summary: 'Properties, resources and constraints are as declared, and the resources run',
  vars: clusterVars,

  async run({ nodes, vars }) {
    await nodes.first.do(
      cib,
      { ...cibOf(vars), timeout: vars.cluster_settle_timeout },
      { name: 'cluster configuration' },
    )
  },
})
