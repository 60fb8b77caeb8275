import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import net from 'node:net'
import { join } from 'node:path'
import ssh2 from 'ssh2'
import type { Connection, ServerChannel } from 'ssh2'

/**
 * Many hosts in one process: `node server.ts FOLDER COUNT`. Each listens on a port of its own of the loopback, lets in
 * the key of `FOLDER/key.pub`, and runs commands with a real `sh` in `FOLDER/hosts/N`. Prints the ports, as JSON, once
 * all listen; ends with its standard input.
 */
const [folder = '.', count = '1'] = process.argv.slice(2)
const hostKey = readFileSync(join(folder, 'host_key'))
const [, clientKey = ''] = readFileSync(join(folder, 'key.pub'), 'utf8').split(' ')

// No systemd, no packages: the hosts that are played here are small ones, and this machine's own are nobody's to ask.
const PATH = join(folder, 'bin')

function serve(client: Connection, directory: string): void {
  client.on('error', () => {})
  client.on('authentication', (login) => {
    const known = login.method === 'publickey' && login.key.data.toString('base64') === clientKey
    if (known) login.accept()
    else login.reject(['publickey'])
  })
  client.on('session', (acceptSession) => {
    acceptSession().on('exec', (accept, _reject, { command }) => run(accept(), command, directory))
  })
}

function run(channel: ServerChannel, command: string, cwd: string): void {
  const child = spawn('/bin/sh', ['-c', command], { cwd, env: { PATH, HOME: cwd }, stdio: 'pipe' })
  channel.on('error', () => {})
  child.stdin.on('error', () => {})
  channel.pipe(child.stdin)
  child.stdout.pipe(channel, { end: false })
  child.stderr.pipe(channel.stderr, { end: false })
  channel.on('close', () => child.kill('SIGKILL'))
  child.on('close', (code, signal) => {
    if (signal === null) channel.exit(code ?? 1)
    else channel.exit(signal)
    channel.end()
  })
}

const ports = await Promise.all(
  Array.from({ length: Number(count) }, (_, index) => {
    const directory = join(folder, 'hosts', String(index + 1))
    mkdirSync(directory, { recursive: true })
    const ssh = new ssh2.Server({ hostKeys: [hostKey] }, (client) => serve(client, directory))
    const server = net.createServer({ noDelay: true }, (socket) => ssh.injectSocket(socket))
    return new Promise<number>((resolve, reject) => {
      server.once('error', reject)
      server.listen(0, '127.0.0.1', 4096, () => resolve((server.address() as net.AddressInfo).port))
    })
  }),
)
process.stdout.write(`${JSON.stringify(ports)}\n`)
process.stdin.on('end', () => process.exit(0)).resume()
