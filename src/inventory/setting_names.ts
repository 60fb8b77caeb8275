import type { ConnectionSettings } from './inventory.ts'

export type Setting =
  | 'host'
  | 'user'
  | 'port'
  | 'identity_file'
  | 'password'
  | 'become'
  | 'become_password'
  | 'connection'
  | 'jump'
  | 'proxy_command'
  | 'known_hosts'
  | 'egress'
  | 'egress_allow'
  | 'shares_address'
  | 'destroy'
  | 'ssh_arguments'

/**
 * Every name that a connection setting may have: ours, and Ansible's where there is one. These names are never vars of
 * a role.
 */
export const settingNames: ReadonlyMap<string, Setting> = new Map<string, Setting>([
  ['host', 'host'],
  ['ansible_host', 'host'],
  ['ansible_ssh_host', 'host'],
  ['user', 'user'],
  ['ansible_user', 'user'],
  ['ansible_ssh_user', 'user'],
  ['port', 'port'],
  ['ansible_port', 'port'],
  ['ansible_ssh_port', 'port'],
  ['identity_file', 'identity_file'],
  ['ansible_ssh_private_key_file', 'identity_file'],
  ['ansible_private_key_file', 'identity_file'],
  ['password', 'password'],
  ['ansible_password', 'password'],
  ['ansible_ssh_pass', 'password'],
  ['ansible_ssh_password', 'password'],
  ['become', 'become'],
  ['ansible_become', 'become'],
  ['become_password', 'become_password'],
  ['ansible_become_password', 'become_password'],
  ['ansible_become_pass', 'become_password'],
  ['ansible_sudo_pass', 'become_password'],
  ['connection', 'connection'],
  ['ansible_connection', 'connection'],
  ['jump', 'jump'],
  ['proxy_command', 'proxy_command'],
  ['known_hosts', 'known_hosts'],
  ['egress', 'egress'],
  ['egress_allow', 'egress_allow'],
  ['shares_address', 'shares_address'],
  ['destroy', 'destroy'],
  ['ansible_ssh_common_args', 'ssh_arguments'],
  ['ansible_ssh_extra_args', 'ssh_arguments'],
])

/** Our own names, for messages and the editor's schema. */
export const ownSettings: readonly Setting[] = [...settingNames]
  .filter(([name, setting]) => name === setting)
  .map(([, setting]) => setting)

/** Ansible's names that mean nothing here and harm nothing: there is no Python on the hosts, nor its temporary files. */
const meaningless = new Set([
  'ansible_python_interpreter',
  'ansible_pipelining',
  'ansible_ssh_pipelining',
  'ansible_remote_tmp',
  'ansible_ssh_transfer_method',
  'ansible_scp_if_ssh',
  'ansible_sftp_batch_mode',
  'ansible_group_priority',
])

export const isMeaningless = (name: string): boolean => meaningless.has(name)

/** Ansible's names whose meaning bringup does not have, and what to do instead. */
export const refusedNames = new Map<string, (value: unknown) => string | null>([
  [
    'ansible_become_user',
    (value: unknown) =>
      value === 'root' ? null : 'bringup works as root or as the user that logs in: take it out.',
  ],
  [
    'ansible_become_method',
    (value: unknown) =>
      value === 'sudo' ? null : 'bringup becomes root with sudo: install sudo, or log in as root.',
  ],
  [
    'ansible_ssh_executable',
    () => 'bringup speaks SSH by itself: take it out, and set "proxy_command" if you need one.',
  ],
  ['ansible_sftp_extra_args', () => 'bringup uses no sftp: take it out.'],
  ['ansible_scp_extra_args', () => 'bringup uses no scp: take it out.'],
  [
    'ansible_host_key_checking',
    () => 'Host keys are always checked: take it out, and learn new keys once with --accept-new.',
  ],
  [
    'ansible_ssh_host_key_checking',
    () => 'Host keys are always checked: take it out, and learn new keys once with --accept-new.',
  ],
])

export const defaultSettings: Omit<ConnectionSettings, 'address'> = {
  kind: 'ssh',
  port: null,
  user: null,
  identityFile: null,
  password: null,
  jump: null,
  proxyCommand: null,
  knownHosts: null,
  become: false,
  becomePassword: null,
  egress: 'none',
  egressAllow: [],
}
