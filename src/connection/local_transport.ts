import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import net from 'node:net'
import { userInfo } from 'node:os'
import type { Channel, ChannelEnd, Transport } from './channel.ts'

/** Programs on this very machine, in the same way as on a host (Ansible's `ansible_connection: local`). */
export function localTransport(environment: Readonly<Record<string, string | undefined>>): Transport {
  const { homedir, username } = userInfo()
  // What else the controller's environment holds (tokens, the agent's socket) is none of the commands' business.
  const env = {
    HOME: homedir,
    LOGNAME: username,
    USER: username,
    PATH: environment['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
  }
  return {
    alive: true,
    // A session of its own: Ctrl-C on the controller's terminal is not theirs.
    exec: async (command) =>
      childChannel(spawn('/bin/sh', ['-c', command], { env, cwd: '/', detached: true })),
    async forwardIn(accept, port = 0) {
      const server = net.createServer((socket) => accept(socket))
      await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
      return {
        port: (server.address() as net.AddressInfo).port,
        close: () => new Promise((resolve) => server.close(() => resolve())),
      }
    },
    async close() {},
  }
}

/** A local program as a channel. */
export function childChannel(child: ChildProcessWithoutNullStreams): Channel {
  const { stdin, stdout, stderr } = child
  const closed = new Promise<ChannelEnd>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }))
    child.once('error', () => resolve({ code: null, signal: null }))
  })
  return {
    stdin,
    stdout,
    stderr,
    closed,
    destroy() {
      for (const stream of [stdin, stdout, stderr]) stream.destroy()
    },
  }
}
