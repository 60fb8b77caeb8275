import { BringupError } from 'bringup'
import type { Node } from 'bringup'
import { asBringupError } from '../../src/errors.ts'
import type { DrbdModuleVars } from './vars.ts'

type Host = Node<DrbdModuleVars>

export interface Headers {
  readonly kernel: string
  /** The package that brings them. */
  readonly package: string
}

/** Where the headers of a kernel are on a host: a directory for `KDIR`; null where they are not. */
export async function findHeaders(host: Host, kernel: string): Promise<string | null> {
  const { stdout } = await host.$.read({ nothrow: true })`sh -c ${FIND} sh ${kernel}`
  return stdout.trim() || null
}

const FIND = `for found in "/lib/modules/$1/build" "/usr/src/linux-headers-$1" "/usr/src/kernels/$1"; do
  if [ -e "$found/Makefile" ]; then readlink -f "$found"; exit; fi
done`

/** Whether a host has the headers of a kernel, or its package sources, as it knows them now, offer them. */
export async function canHaveHeaders(host: Host, headers: Headers): Promise<boolean> {
  if ((await findHeaders(host, headers.kernel)) !== null) return true
  const asked =
    host.facts.packageManager === 'apt'
      ? host.$.read({ nothrow: true })`apt-cache show ${headers.package}`
      : host.$.read({ nothrow: true })`yum -q list available ${headers.package}`
  return (await asked).exitCode === 0
}

/**
 * Sees that a builder has the headers of a kernel.
 * @returns where; in check mode null where they are only planned
 * @throws BringupError REFUSED with the package or the reboot that is missing
 */
export async function getHeaders(
  builder: Host,
  headers: Headers,
  users: readonly string[],
): Promise<string | null> {
  const found = await findHeaders(builder, headers.kernel)
  if (found !== null) return found
  try {
    await builder.package({ names: [headers.package], recommends: false })
  } catch (error) {
    if (asBringupError(error).code !== 'PACKAGE_UNAVAILABLE') throw error
    throw noHeaders(builder.name, headers, users, error)
  }
  return findHeaders(builder, headers.kernel)
}

const noHeaders = (
  builder: string,
  { kernel, package: name }: Headers,
  users: readonly string[],
  cause: unknown,
): BringupError =>
  new BringupError(
    'REFUSED',
    `DRBD can not be built for the kernel ${kernel}: its headers are not to be had`,
    {
      expected: `the package ${name} on ${builder}`,
      seen: `neither installed nor in its package sources, while ${users.join(' and ')} ${users.length === 1 ? 'has' : 'have'} that kernel`,
      remedy: `Update the kernel of ${users.join(' and ')} and reboot (reboot: true does both), or give ${builder} a package source that has ${name}.`,
      cause,
    },
  )
