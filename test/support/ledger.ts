import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { until } from './until.ts'

interface Request {
  readonly number: number
  readonly seconds: number
  /** What went wrong; undefined where it was acknowledged. */
  readonly failed?: string
}

/** A client that writes to the ledger of ../ledger and reads it back, all the while. */
export interface LedgerClient {
  /** The requests since the last call, in order; waits for one more to be acknowledged. */
  since(): Promise<readonly Request[]>
  /** Ends it. @returns numbers that were acknowledged and are not in the ledger: none, if nothing was lost */
  lost(): Promise<readonly number[]>
}

/** @param within a command that runs the one behind it in the network of the cluster */
export function startLedgerClient(within: readonly string[], address: string, port = 7000): LedgerClient {
  const program = new URL('ledger_requests.ts', import.meta.url).pathname
  const [command, ...args] = [...within, process.execPath, program, address, String(port)]
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const requests: Request[] = []
  let all: string[] | undefined
  let told = 0
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  createInterface({ input: child.stdout }).on('line', (line) => {
    const said = JSON.parse(line) as Request | { all: string[] }
    if ('all' in said) all = said.all
    else requests.push(said)
  })
  return {
    async since() {
      const before = requests.length
      await until(async () => requests.slice(before).some(({ failed }) => failed === undefined))
      const from = told
      told = requests.length
      return requests.slice(from)
    },
    async lost() {
      child.stdin.end()
      await ended
      const kept = new Set(all)
      return requests
        .filter(({ failed, number }) => failed === undefined && !kept.has(String(number)))
        .map(({ number }) => number)
    },
  }
}
