import type { Setting } from './setting_names.ts'

interface SettingDoc {
  readonly description: string
  /** JSON Schema of its value. */
  readonly schema: Readonly<Record<string, unknown>>
}

const text = { type: 'string' }
const secret = { type: 'string', writeOnly: true }
const boolean = { enum: [true, false, 'yes', 'no', 'on', 'off'] }

/** What each connection setting is, for editors and readers. */
export const settingDocs: Readonly<Record<Setting, SettingDoc>> = {
  host: { description: 'Address or name to connect to; the name of the host when left out.', schema: text },
  user: { description: 'User to log in as.', schema: text },
  port: {
    description: 'Port of sshd; 22 when left out.',
    schema: { type: 'integer', minimum: 1, maximum: 65_535 },
  },
  identity_file: { description: 'Private key to log in with; relative to this file.', schema: text },
  password: { description: 'Password to log in with: !env, !file, !prompt or !age.', schema: secret },
  become: { description: 'Become root with sudo after logging in.', schema: boolean },
  become_password: {
    description: 'Password that sudo asks for: !env, !file, !prompt or !age.',
    schema: secret,
  },
  connection: {
    description: 'ssh, or local for this machine itself.',
    schema: { enum: ['ssh', 'local', 'smart', 'paramiko'] },
  },
  jump: {
    description:
      "Hosts to go through, as OpenSSH's ProxyJump: user@host:port, several with commas or as a list.",
    schema: { anyOf: [text, { type: 'array', items: text, minItems: 1 }] },
  },
  proxy_command: {
    description: "Command whose input and output are the connection, as OpenSSH's ProxyCommand (%h, %p, %r).",
    schema: text,
  },
  known_hosts: { description: 'File with the keys of known hosts; relative to this file.', schema: text },
  egress: {
    description:
      'controller: for the time of a run, the host reaches package sources through its SSH connection.',
    schema: { enum: ['none', 'controller'] },
  },
  egress_allow: {
    description:
      "What a host with `egress: controller` may reach beside the hosts that its package sources and downloads name, as those that they redirect to: host, '*.example.org', host:port.",
    schema: { type: 'array', items: text },
  },
  shares_address: {
    description: 'This host has the address of another one, and that is meant.',
    schema: boolean,
  },
  destroy: {
    description:
      'Devices of this host whose content may be destroyed, as --destroy HOST:DEVICE; only below a host. Take it out when that is done.',
    schema: { type: 'array', items: { type: 'string', pattern: '^/dev/.' } },
  },
  ssh_arguments: {
    description:
      'Arguments of ssh: -J, -i, -l, -p, -o ProxyJump=, ProxyCommand=, UserKnownHostsFile= are understood.',
    schema: text,
  },
}
