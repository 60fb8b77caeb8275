import net from 'node:net'

/**
 * A TCP relay that makes a way longer: `node relay.ts DELAY LISTEN=TARGET…`, each `address:port`. All of the delay (ms)
 * is on the way to the target, as netem(8) on the sender's interface has it: each round trip takes that much longer.
 * Prints `ready` once it listens everywhere; ends with its standard input.
 */
const [delay = '0', ...pairs] = process.argv.slice(2)
const later = Number(delay)

const place = (text: string): { host: string; port: number } => {
  const at = text.lastIndexOf(':')
  return { host: text.slice(0, at), port: Number(text.slice(at + 1)) }
}

function relay(client: net.Socket, target: { host: string; port: number }): void {
  // TCP's own handshake took no time here: this is its first segment, and then the one that ends it.
  const server = new Promise<net.Socket>((resolve) =>
    setTimeout(() => resolve(net.connect({ ...target, noDelay: true })), later * 2),
  )
  const send = (what: (socket: net.Socket) => void): void =>
    void setTimeout(() => void server.then(what), later)
  client.setNoDelay(true)
  client.on('data', (chunk) => send((socket) => socket.write(chunk)))
  client.on('end', () => send((socket) => socket.end()))
  client.on('error', () => {})
  client.on('close', () => send((socket) => socket.destroy()))
  void server.then((socket) => {
    socket.on('error', () => {})
    socket.on('data', (chunk) => client.write(chunk))
    socket.on('end', () => client.end())
    socket.on('close', () => client.destroy())
  })
}

const listening = pairs.map((pair) => {
  const [listen = '', target = ''] = pair.split('=')
  const server = net.createServer({ allowHalfOpen: true }, (client) => relay(client, place(target)))
  return new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(place(listen), resolve)
  })
})
await Promise.all(listening)
process.stdout.write('ready\n')
process.stdin.on('end', () => process.exit(0)).resume()
