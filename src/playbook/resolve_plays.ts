import type { Host, Var } from '../inventory/inventory.ts'
import type { PendingSecret } from '../secrets/pending.ts'
import type { Secret } from '../secret.ts'
import { resolvePending } from '../secrets/resolve.ts'
import type { ResolveContext } from '../secrets/resolve.ts'
import { pendingIn, replacePending } from '../secrets/walk.ts'
import type { Planning } from './planning.ts'
import type { PreparedPlay, PreparedReading, PreparedRole } from './prepare_roles.ts'
import { readVars } from './read_vars.ts'

type Resolver = (pending: PendingSecret) => Secret

/** Looks up the secrets that the hosts and roles of these plays need, and checks once more the vars that hold some. */
export async function resolvePlays(
  plays: readonly PreparedPlay[],
  context: Planning & ResolveContext,
): Promise<PreparedPlay[]> {
  const hosts = new Set(plays.flatMap((play) => [...play.hosts, ...play.beside]))
  const readings = plays.flatMap((play) => play.roles.flatMap((role) => role.readings))
  const pending = [
    ...[...hosts].flatMap((host) => pendingIn(host.connection)),
    ...readings.flatMap(({ given }) => [...given.values()].flatMap(({ value }) => pendingIn(value))),
  ]
  if (pending.length === 0) return [...plays]
  const resolve = await resolvePending(pending, context)
  if (context.problems.count > 0) return [...plays]
  const resolved = new Map([...hosts].map((host) => [host, resolveHost(host, resolve)]))
  return Promise.all(
    plays.map(async (play) => ({
      play: play.play,
      hosts: play.hosts.map((host) => resolved.get(host)!),
      beside: play.beside.map((host) => resolved.get(host)!),
      roles: await Promise.all(play.roles.map((role) => resolveRole(role, resolve, context))),
    })),
  )
}

/** A host whose connection has its secrets. */
export const resolveHost = (host: Host, resolve: Resolver): Host => ({
  ...host,
  connection: replacePending(host.connection, resolve) as Host['connection'],
})

async function resolveRole(role: PreparedRole, resolve: Resolver, context: Planning): Promise<PreparedRole> {
  const readings = await Promise.all(
    role.readings.map(async (reading): Promise<PreparedReading[]> => {
      const pending = [...reading.given.values()].some(({ value }) => pendingIn(value).length > 0)
      if (!pending) return [reading]
      const given = new Map([...reading.given].map(([name, value]) => [name, resolveVar(value, resolve)]))
      const vars = await readVars(role.role, { ...reading, given }, { entry: role.entry, ...context })
      return vars === null ? [] : [{ hosts: reading.hosts, given, vars }]
    }),
  )
  return { ...role, readings: readings.flat() }
}

const resolveVar = (written: Var, resolve: Resolver): Var => ({
  ...written,
  value: replacePending(written.value, resolve),
})
