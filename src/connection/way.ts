import { spawn } from 'node:child_process'
import net from 'node:net'
import { Duplex } from 'node:stream'
import type { Client } from 'ssh2'
import { BringupError } from '../errors.ts'

/**
 * A TCP connection without Nagle's algorithm: ssh2 leaves it on, and each request then waits 40 ms for a delayed
 * acknowledgement (92 ms a command instead of 4).
 */
export async function openSocket(address: string, port: number, signal: AbortSignal): Promise<net.Socket> {
  const socket = net.connect({ host: address, port, noDelay: true, keepAlive: true, signal })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  return socket
}

/** The same through a host that is logged in to already. */
export function openForwarded(client: Client, address: string, port: number): Promise<Duplex> {
  return new Promise((resolve, reject) =>
    client.forwardOut('127.0.0.1', 0, address, port, (error, channel) =>
      error ? reject(error) : resolve(channel),
    ),
  )
}

/** The standard input and output of a command; it is ended when the connection is (ssh_config(5), ProxyCommand). */
export function openProxyCommand(command: string): Duplex {
  const child = spawn('/bin/sh', ['-c', `exec ${command}`], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString('utf8')).slice(-2000)))
  child.stdin.on('error', () => {})
  const kill = (): void => {
    try {
      // With all that it started, which may have outlived it.
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM')
    } catch {
      // Nothing of it is left.
    }
  }
  const duplex = new Duplex({
    read: () => child.stdout.resume(),
    // Writing to one that has ended fails; how it ended says more.
    write: (chunk: Buffer, _encoding, done) => void child.stdin.write(chunk, () => done()),
    final: (done) => void child.stdin.end(() => done()),
    destroy(error, done) {
      kill()
      done(error)
    },
  })
  child.stdout.on('data', (chunk: Buffer) => duplex.push(chunk) || child.stdout.pause())
  child.once('error', (error) => duplex.destroy(error))
  child.once('exit', kill)
  // Half a connection is none; ssh2 tells its channels only when all of it is closed.
  duplex.once('end', () => duplex.destroy())
  child.once('close', (code, signal) => {
    if (code === 0 || duplex.destroyed) return void duplex.push(null)
    duplex.destroy(
      new BringupError('UNREACHABLE', `the proxy command ended with ${signal ?? `status ${code}`}`, {
        seen: said.trim() || 'it said nothing',
        remedy: `Try it by hand: ${command}`,
      }),
    )
  })
  return duplex
}
