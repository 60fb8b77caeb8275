/** Tests that take minutes, most of them since emulated machines do: not all of them fit into every `npm test`. */
export interface LongSuite {
  readonly file: string
  /** Rough, on two cores; how much longer all takes with it, since two on containers run at once. */
  readonly minutes: number
  /** Files and folders; a playbook also stands for its roles, and a role for what it imports. */
  readonly about: readonly string[]
}

const standinCluster = [
  'playbooks/drbd-cluster.yml',
  'inventory/drbd-lab.yml',
  'test/vms/drbd_cluster_suite.ts',
  'test/vms/drbd_standin.ts',
]

const rebuild = ['playbooks/rebuild-node.yml', 'test/rebuild', 'test/ledger', 'inventory/drbd-lab.yml']

export const longSuites: readonly LongSuite[] = [
  { file: 'test/containers/rejoin.test.ts', minutes: 7, about: ['playbooks/rebuild-node.yml'] },
  {
    file: 'test/containers/cib_show.test.ts',
    minutes: 3,
    about: [
      'src/cli/cib',
      'src/pacemaker/cib',
      'test/containers/cib_show.yml',
      'test/containers/cib_show.xml',
    ],
  },
  {
    file: 'test/containers/day_two.test.ts',
    minutes: 3,
    about: ['src/cli/cluster', 'src/cluster/day_two', 'src/cluster/simulate.ts'],
  },
  { file: 'test/containers/corosync_killed.test.ts', minutes: 2, about: ['roles/corosync'] },
  { file: 'test/containers/drbd_utils.test.ts', minutes: 2, about: ['roles/drbd_utils'] },
  { file: 'test/containers/openvz_agent.test.ts', minutes: 1, about: ['roles/openvz_agent'] },
  { file: 'test/containers/vz_evacuate_killed.test.ts', minutes: 2, about: ['roles/vz_evacuate'] },
  { file: 'test/containers/vz_evacuate_refusals.test.ts', minutes: 1, about: ['roles/vz_evacuate'] },
  {
    file: 'test/containers/killed_controller.test.ts',
    minutes: 2,
    about: ['roles/pcs_cluster', 'roles/cluster_resources'],
  },
  { file: 'test/vms/lab.test.ts', minutes: 4, about: ['scripts/lab'] },
  { file: 'test/vms/drbd_module.test.ts', minutes: 4, about: ['roles/drbd_module'] },
  { file: 'test/vms/watchdog.test.ts', minutes: 4, about: ['roles/watchdog'] },
  {
    file: 'test/vms/drbd.test.ts',
    minutes: 10,
    about: ['roles/drbd_resource', 'roles/initial_primary', 'roles/filesystem', 'test/vms/drbd_pair.ts'],
  },
  {
    file: 'test/vms/killed_drbd.test.ts',
    minutes: 9,
    about: ['roles/drbd_resource', 'roles/initial_primary', 'roles/filesystem', 'test/vms/drbd_pair.ts'],
  },
  {
    file: 'test/vms/heal_split_brain.test.ts',
    minutes: 5,
    about: ['playbooks/heal-split-brain.yml', 'test/vms/drbd_pair.ts'],
  },
  { file: 'test/vms/drbd_cluster.test.ts', minutes: 11, about: standinCluster },
  {
    file: 'test/vms/drbd_drill.test.ts',
    minutes: 12,
    about: [...standinCluster, 'playbooks/drill-failover.yml'],
  },
  { file: 'test/vms/rebuild.test.ts', minutes: 15, about: rebuild },
  { file: 'test/vms/rebuild_disk.test.ts', minutes: 18, about: rebuild },
  {
    file: 'test/vms/rolling_update.test.ts',
    minutes: 30,
    about: ['playbooks/rolling-update.yml', 'playbooks/return-node.yml', 'inventory/drbd-lab.yml'],
  },
  {
    file: 'test/vagrant/machines.test.ts',
    minutes: 12,
    about: ['Vagrantfile', 'scripts/vagrant', 'playbooks/drbd-cluster.yml', 'playbooks/drill-failover.yml'],
  },
  {
    file: 'test/vagrant/openvz.test.ts',
    minutes: 20,
    about: ['playbooks/openvz-cluster.yml', 'playbooks/drill-openvz.yml', 'test/openvz_standin'],
  },
  {
    file: 'test/vagrant/rebuild.test.ts',
    minutes: 35,
    about: [...rebuild, 'scripts/vagrant'],
  },
]

/**
 * What `npm test` takes of them, so that it ends well within an hour on two cores: the rest takes half an hour there, and
 * 5 minutes more where images and packages are fetched first.
 */
export const minutesForThem = 20
