import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const root = new URL('../../..', import.meta.url).pathname

/** With the password that some of them take from the environment. */
const env = { ...process.env, HACLUSTER_PASSWORD: 'correct-horse-battery' }

test.each([
  ['vip-cluster', 'vip-cluster.example'],
  ['drill-standby', 'vip-cluster.example'],
  ['drbd-cluster', 'drbd-cluster.example'],
  ['drill-failover', 'drbd-cluster.example'],
  ['openvz-cluster', 'openvz.example'],
  ['drill-openvz', 'openvz.example'],
  ['apache-cluster', 'apache.example'],
  ['drill-apache', 'apache.example'],
])('%s.yml takes %s.yml as it is', async (playbook, inventory) => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['bin/bringup.js', 'validate', `playbooks/${playbook}.yml`, '-i', `inventory/${inventory}.yml`],
    { cwd: root, env },
  )
  expect(stdout).toContain('nothing is wrong')
})
