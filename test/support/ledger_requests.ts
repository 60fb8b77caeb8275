import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'

// Sends the ledger of ../ledger a line, again and again, until its own standard input ends, and says of each what became of
// it. A program of its own, since it is run in the network of a lab: ledger_requests.ts ADDRESS PORT

const [address = '', port = ''] = process.argv.slice(2)
/** Seconds: an emulated machine may stand still for some. */
const LONGEST = 15

async function request(line: string): Promise<string> {
  const socket = connect({ host: address, port: Number(port) })
  const late = setTimeout(() => socket.destroy(new Error(`no answer within ${LONGEST} s`)), LONGEST * 1000)
  try {
    socket.end(`${line}\n`)
    return (await text(socket)).trim()
  } finally {
    clearTimeout(late)
    socket.destroy()
  }
}

let going = true
process.stdin.on('end', () => (going = false)).resume()
for (let number = 1; going; number += 1) {
  const begin = performance.now()
  const answer = await request(String(number)).catch((error: unknown) => error)
  const seconds = Math.round(performance.now() - begin) / 1000
  const failed = answer === String(number) ? {} : { failed: String(answer) }
  console.log(JSON.stringify({ number, seconds, ...failed }))
  await delay(200)
}
const all = await request('all')
console.log(JSON.stringify({ all: all.split('\n') }))
