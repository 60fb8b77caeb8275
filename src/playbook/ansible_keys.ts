/** Keys of Ansible's playbooks that bringup does not have, and what serves instead. */
const ofPlays: Readonly<Record<string, string>> = {
  tasks: 'Tasks are TypeScript, in a role: `bringup new role NAME`, then list the role under "roles:".',
  pre_tasks: 'Put what comes first into a role of its own, and list it first under "roles:".',
  post_tasks: 'Put what comes last into a role of its own, and list it last under "roles:".',
  handlers: 'Handlers belong to a role: handlers: { … } in its role.ts.',
  become: 'Who to become is a matter of the host: set "become: true" in the inventory.',
  become_user: 'bringup becomes root: set "become: true" in the inventory.',
  become_method: 'bringup becomes root with sudo: set "become: true" in the inventory.',
  remote_user: 'Set "user:" in the inventory.',
  port: 'Set "port:" in the inventory.',
  connection: 'Set "connection:" in the inventory.',
  gather_facts: 'Take it out: facts are gathered once for each host, in one round trip.',
  gather_subset: 'Take it out: facts are gathered once for each host, in one round trip.',
  strategy: 'Take it out: hosts go through each step at their own pace, and wait where the role says so.',
  when: 'A role decides by itself: write an "if" in its role.ts, or choose the hosts with "hosts:".',
  vars_files: 'Put the files into group_vars/ beside the playbook, or give them with -e @FILE.',
  vars_prompt: 'Write the var as !prompt "Text" in the inventory or in group_vars/.',
  environment: 'Take it out; for a way to package sources set "egress: controller" in the inventory.',
  max_fail_percentage: 'Set "any_errors_fatal: false" to go on without the hosts that fail.',
  ignore_errors: 'Set "any_errors_fatal: false" to go on without the hosts that fail.',
  run_once: 'A role runs for its hosts as a group: use nodes.first in its role.ts.',
  delegate_to: 'A role has all its hosts at hand: use nodes.in(group) or nodes.named(name) in its role.ts.',
  order: 'Take it out: hosts are always in the order of the inventory.',
  force_handlers: 'Take it out: handlers that are due are kept for the next run.',
  throttle: 'Set "serial:", or use nodes.inTurn in the role.',
  collections: 'Take it out: roles are found in roles/ beside the playbook.',
  module_defaults: 'Take it out: a role calls operations with their parameters.',
  ignore_unreachable: 'Leave the host out with --limit.',
  diff: 'Give --diff on the command line.',
  check_mode: 'Give --check on the command line.',
  debugger: 'Take it out; BRINGUP_DEBUG=1 shows stack traces.',
  no_log: 'Take it out: secrets are never logged.',
}

const ofRoles: Readonly<Record<string, string>> = {
  ...ofPlays,
  name: 'Write "role:" instead.',
  become: 'Who to become is a matter of the host: set "become: true" in the inventory.',
  apply: 'Write "tags:" directly.',
  public: 'Take it out: vars belong to the role entry that sets them.',
}

/** What to do instead of a key that Ansible has for plays, or null. */
export const playRemedy = (key: string): string | null =>
  Object.hasOwn(ofPlays, key) ? ofPlays[key]! : key.startsWith('with_') || key === 'loop' ? loops : null

/** What to do instead of a key that Ansible has for entries of `roles:`, or null. */
export const roleRemedy = (key: string): string | null =>
  Object.hasOwn(ofRoles, key) ? ofRoles[key]! : key.startsWith('with_') || key === 'loop' ? loops : null

const loops = 'Loop in the role: for (const … of vars.…).'
