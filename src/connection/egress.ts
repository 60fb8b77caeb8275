import { randomBytes } from 'node:crypto'
import { createEgressProxy } from './egress_proxy.ts'
import type { EgressRules } from './egress_rules.ts'
import type { Remote } from './remote.ts'

/** A way out for a host that has none, for as long as its connection lasts. */
export interface Egress {
  /** `http://bringup:…@127.0.0.1:PORT`, on the host. */
  readonly proxy: string
  /**
   * What makes apt, dnf, yum, curl and wget take it, for the commands that it is given to and for nothing else: no file
   * on the host says so, and nothing is left behind however the run ends. Not for pcs, which would look for the other
   * nodes through it.
   */
  readonly env: Readonly<Record<string, string>>
  close(): Promise<void>
}

export interface EgressOptions extends Partial<EgressRules> {
  /** The controller's own, which may name a proxy on its way out; `process.env` when left out. */
  readonly environment?: Readonly<Record<string, string | undefined>>
}

/**
 * Lets a host fetch what the controller can fetch, over its SSH connection: a port on the host's loopback leads to a
 * forward proxy inside this process, which listens nowhere else. The password in its address keeps other users of the
 * host out; the rules keep the host out of the controller's own networks.
 * @throws BringupError REFUSED when sshd allows no forwarding
 */
export async function openEgress(
  remote: Pick<Remote, 'forwardIn'>,
  { allow = [], only = null, environment = process.env }: EgressOptions = {},
): Promise<Egress> {
  const password = randomBytes(16).toString('hex')
  const proxy = createEgressProxy(`bringup:${password}`, { rules: { allow, only }, environment })
  const forward = await remote.forwardIn((connection) => proxy.accept(connection))
  const url = `http://bringup:${password}@127.0.0.1:${forward.port}`
  const here = 'localhost,127.0.0.1,::1'
  return {
    proxy: url,
    env: { http_proxy: url, https_proxy: url, HTTPS_PROXY: url, no_proxy: here, NO_PROXY: here },
    async close() {
      proxy.close()
      await forward.close()
    },
  }
}
