import type { Place } from '../errors.ts'
import type { Secret } from '../secret.ts'
import type { Consent } from './consent.ts'

/** A variable with the place it was set at, so that an error found later can point into the YAML. */
export interface Var {
  /** Plain data; secrets in it are {@link Secret}s. */
  readonly value: unknown
  readonly at: Place
  /** Where its name stands. */
  readonly nameAt?: Place
  /** The place of a part of the value; the nearest place above it where that part does not exist. */
  locate(path: readonly PropertyKey[]): Place
  /** For people: `group_vars/cluster.yml`, `inventory`, `-e`. */
  readonly source: string
  /** The first place in it with `{{ … }}`, which is not evaluated; reading such a var is an error. */
  readonly template?: Place
}

export type Vars = ReadonlyMap<string, Var>

/** How to reach a host and who to be there; from our own names or Ansible's (`ansible_host`, …). */
export interface ConnectionSettings {
  kind: 'ssh' | 'local'
  /** Address or name to connect to; `~/.ssh/config` may say more about it. */
  address: string
  port: number | null
  user: string | null
  identityFile: string | null
  password: Secret | null
  /** `user@host:port`, several with commas, as OpenSSH's ProxyJump. */
  jump: string | null
  /** A command whose standard input and output are the connection; `%h`, `%p`, `%r` as OpenSSH's ProxyCommand. */
  proxyCommand: string | null
  knownHosts: string | null
  become: boolean
  becomePassword: Secret | null
  /** `controller`: for the time of a run the host reaches package sources through its SSH connection. */
  egress: 'none' | 'controller'
  /** Places beside its package sources and downloads that it may reach so: `mirror.example.org:3142`, `*.example.org`. */
  egressAllow: readonly string[]
}

export interface Host {
  readonly name: string
  /** All groups it is in, outermost (`all`) first. */
  readonly groups: readonly string[]
  /** Merged: all < outer groups < inner groups < the host itself. */
  readonly vars: Vars
  readonly connection: ConnectionSettings
  /** What may be destroyed on it. */
  readonly consents: readonly Consent[]
  readonly at: Place
}

export interface Inventory {
  readonly file: string
  /** In the order of the file; that order decides which node is the first of a role. */
  readonly hosts: ReadonlyMap<string, Host>
  /** Group name to host names, in inventory order. */
  readonly groups: ReadonlyMap<string, readonly string[]>
}
