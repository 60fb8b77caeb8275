import { homedir, userInfo } from 'node:os'
import type { ConnectionSettings } from '../inventory/inventory.ts'
import type { SshConfig } from './ssh_config.ts'

/** Where one SSH connection goes and how, all questions answered. */
export interface Target {
  /** As the inventory or the jump list names it. */
  readonly name: string
  readonly address: string
  readonly port: number
  readonly user: string
  /** The key that the inventory names; it must exist. */
  readonly identityFile: string | null
  /** Keys to try after it, where they exist. */
  readonly identityFiles: readonly string[]
  /** Of the agent's keys, use only those that one of the identity files is the public half of. */
  readonly identitiesOnly: boolean
  readonly agent: string | null
  /** The name that its keys are kept under in known_hosts. */
  readonly keyName: string
  /** Files in order; the first is the one that new keys are written to. */
  readonly knownHosts: readonly string[]
  readonly hashKnownHosts: boolean
  /** The SSH configuration itself says that new keys are accepted (`StrictHostKeyChecking accept-new` or `no`). */
  readonly acceptNew: boolean
  /** Hosts to go through, the nearest first. */
  readonly jumps: readonly string[]
  readonly proxyCommand: string | null
}

/** Of the inventory's settings, those that an SSH connection is made from. */
export type TargetSettings = Pick<
  ConnectionSettings,
  'address' | 'port' | 'user' | 'identityFile' | 'jump' | 'proxyCommand' | 'knownHosts'
>

const DEFAULT_KEYS = ['~/.ssh/id_ed25519', '~/.ssh/id_ecdsa', '~/.ssh/id_rsa']

/** Joins the inventory's settings, which win, with what the SSH configuration says. */
export function resolveTarget(
  settings: TargetSettings,
  config: SshConfig,
  environment: Readonly<Record<string, string | undefined>>,
): Target {
  const one = (name: string): string | null => {
    const value = config.get(name)?.[0]
    return value === undefined || value === 'none' ? null : value
  }
  const address = one('hostname') ?? settings.address
  const port = settings.port ?? Number(one('port') ?? 22)
  const user = settings.user ?? one('user') ?? userInfo().username
  const tokens: Record<string, string> = {
    '%': '%',
    h: address,
    p: String(port),
    r: user,
    n: settings.address,
    d: homedir(),
    u: userInfo().username,
    k: one('hostkeyalias') ?? settings.address,
  }
  const expand = (text: string): string => text.replace(/%(.)/g, (all, token: string) => tokens[token] ?? all)
  const path = (text: string): string => expand(text.replace(/^~(?=\/|$)/, homedir()))
  const paths = (name: string): string[] => words(config.get(name)?.join(' ') ?? '').map(path)

  const strict = one('stricthostkeychecking')
  const ownWay = settings.jump !== null || settings.proxyCommand !== null
  const jump = ownWay ? settings.jump : one('proxyjump')
  const proxy = ownWay ? settings.proxyCommand : one('proxycommand')
  return {
    name: settings.address,
    address,
    port,
    user,
    identityFile: settings.identityFile === null ? null : path(settings.identityFile),
    identityFiles: (config.get('identityfile') ?? DEFAULT_KEYS).map(path),
    identitiesOnly: one('identitiesonly') === 'yes',
    agent: agentSocket(config.get('identityagent')?.[0], environment, path),
    keyName: one('hostkeyalias') ?? address,
    knownHosts:
      settings.knownHosts !== null
        ? [path(settings.knownHosts)]
        : config.size === 0
          ? [path('~/.ssh/known_hosts'), '/etc/ssh/ssh_known_hosts']
          : [...paths('userknownhostsfile'), ...paths('globalknownhostsfile')],
    hashKnownHosts: one('hashknownhosts') === 'yes',
    acceptNew: strict === 'accept-new' || strict === 'no' || strict === 'off' || strict === 'false',
    jumps: (jump ?? '')
      .split(',')
      .filter((hop) => hop.trim() !== '' && hop !== 'none')
      .map((hop) => hop.trim()),
    proxyCommand: proxy === null || proxy === 'none' ? null : expand(proxy),
  }
}

/** `user@host:port`, `host`, `[address]:port`, `ssh://user@host:port`, as in ssh_config(5) ProxyJump. */
export function parseHop(hop: string): { user: string | null; address: string; port: number | null } {
  const text = hop.replace(/^ssh:\/\//, '').replace(/\/$/, '')
  const at = text.lastIndexOf('@')
  const place = text.slice(at + 1)
  const [, bracketed, plain, port] = /^(?:\[(.+)\]|([^:]+))(?::(\d+))?$/.exec(place) ?? []
  return {
    user: at < 0 ? null : text.slice(0, at),
    // An IPv6 address without brackets has colons of its own, and no port.
    address: bracketed ?? plain ?? place,
    port: port === undefined ? null : Number(port),
  }
}

function agentSocket(
  setting: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
  path: (text: string) => string,
): string | null {
  if (setting === 'none') return null
  if (setting === undefined || setting === 'SSH_AUTH_SOCK') return environment['SSH_AUTH_SOCK'] || null
  return setting.startsWith('$')
    ? environment[setting.replace(/^\$\{?(\w+)\}?$/, '$1')] || null
    : path(setting)
}

/** Words with spaces between them; those with spaces inside stand in double quotes. */
function words(text: string): string[] {
  return (text.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replace(/^"(.*)"$/, '$1'))
}
