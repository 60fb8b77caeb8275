import { setTimeout as delay } from 'node:timers/promises'
import * as z from 'zod'
import { BringupError } from '../errors.ts'
import type { Tag } from '../shell/shell.ts'
import { runScript } from './host_script.ts'
import { operation } from './operation.ts'
import type { ReadContext } from './operation.ts'
import { absolutePath } from './params.ts'

/** Looks, and says whether it is so: `true`, or `false`, or in words what was seen instead. */
export type Condition = (tools: { readonly $: { readonly read: Tag } }) => Promise<boolean | string>

const params = z
  .strictObject({
    port: z.int().min(1).max(65535).optional().describe('A TCP port that accepts connections'),
    host: z
      .string()
      .regex(/^[A-Za-z0-9.:_-]+$/)
      .default('127.0.0.1')
      .describe("Where the port is, as seen from the host; left out, the host's own loopback"),
    path: absolutePath.optional().describe('A path that exists'),
    condition: z
      .custom<Condition>((value) => typeof value === 'function')
      .optional()
      .describe('A function that looks: async ({ $ }) => true, or what it sees instead'),
    description: z.string().optional().describe('What is waited for, in words'),
    state: z.enum(['present', 'absent']).default('present').describe('`absent` waits until it is not so'),
    timeout: z.number().positive().default(300).describe('Seconds'),
    interval: z.number().positive().default(1).describe('Seconds between two looks'),
  })
  .refine(
    ({ port, path, condition }) => [port, path, condition].filter((one) => one !== undefined).length === 1,
    'needs one of port, path and condition',
  )

type Want = z.output<typeof params>

export interface WaitState {
  readonly met: boolean
  readonly seen: string
}

/** Waits until a port answers, a path is there, or a condition holds; what was seen last is part of the error. */
export const wait_for = operation('wait_for', {
  params,
  subject: describe,
  read: look,
  plan: ({ met, seen }) => (met ? [] : [{ summary: `wait (${seen} now)` }]),

  async apply(context, _changes, want) {
    const deadline = performance.now() + want.timeout * 1000
    for (;;) {
      const { met, seen } = await look(context, want)
      if (met) return
      if (performance.now() + want.interval * 1000 > deadline)
        throw new BringupError('TIMEOUT', `waited ${want.timeout} s in vain`, {
          expected: describe(want),
          seen,
        })
      await delay(want.interval * 1000, undefined, { signal: context.signal })
    }
  },

  provenByApply: true,
  after: (): WaitState => ({ met: true, seen: '' }),
})

function describe({ description, port, host, path, state }: Want): string {
  const gone = state === 'absent' ? 'no ' : ''
  if (description !== undefined) return description
  if (port !== undefined) return `${gone}port ${port} of ${host}`
  return `${gone}${path ?? 'condition'}`
}

async function look(context: ReadContext, want: Want): Promise<WaitState> {
  const { port, host, path, condition, state } = want
  const [there, seen] =
    condition !== undefined
      ? await ask(condition, context)
      : port !== undefined
        ? await probe(context, PORT, [host, String(port)])
        : await probe(context, PATH, [path ?? ''])
  return { met: there === (state === 'present'), seen }
}

async function ask(condition: Condition, { $ }: ReadContext): Promise<[boolean, string]> {
  const answer = await condition({ $ })
  return answer === true ? [true, 'it is so'] : [false, answer === false ? 'it is not so' : answer]
}

async function probe(context: ReadContext, script: string, args: string[]): Promise<[boolean, string]> {
  const { code, stdout, stderr } = await runScript(context, script, args)
  if (code > 1)
    throw new BringupError('COMMAND_FAILED', 'cannot look', {
      seen: stderr.toString().trim(),
      remedy: 'Install bash, nc or perl on the host, one of which is needed to try a port.',
    })
  return [code === 0, stdout.toString().trim()]
}

const PATH = `if [ -e "$1" ]; then echo "it exists"; else echo "it does not exist"; exit 1; fi`

// No POSIX tool opens a connection: bash does by itself, and one of the others is nearly everywhere.
const PORT = `
if command -v bash >/dev/null; then
  said=$(timeout 5 bash -c 'exec 3<>"/dev/tcp/$1/$2"' bash "$1" "$2" 2>&1)
elif command -v nc >/dev/null; then
  said=$(nc -z -w 5 "$1" "$2" 2>&1)
elif command -v perl >/dev/null; then
  said=$(perl -MIO::Socket::INET -e 'IO::Socket::INET->new(PeerAddr => $ARGV[0], PeerPort => $ARGV[1], Timeout => 5)
    or do { print $@; exit 1 }' "$1" "$2" 2>&1)
else
  echo 'no bash, nc or perl here' >&2; exit 2
fi
case $? in
  0) echo 'it accepts connections' ;;
  124) echo 'no answer within 5 s'; exit 1 ;;
  *) said=$(printf '%s' "$said" | grep -o -i -e 'connection refused' -e 'no route to host' -e 'network is unreachable' \\
      -e 'name or service not known' -e 'temporary failure in name resolution' | head -n 1)
    printf '%s\\n' "\${said:-no connection}"; exit 1 ;;
esac`
