import { quote } from '../../src/shell/quote.ts'
import type { Probe } from '../drill_standby/watch.ts'

/** One HTTP request of the client, by the number it was sent under. */
export interface Request {
  readonly number: number
  readonly answered: boolean
}

const LINE = /^\[\d+\.\d+\] (no answer for )?http_seq=(\d+)\b/gm

/** What the stream of {@link httpProbe} has printed, in the order in which the requests were sent. */
export function requestsIn(output: string): Request[] {
  return [...output.matchAll(LINE)]
    .map(([, failed, number]) => ({ number: Number(number), answered: failed === undefined }))
    .toSorted((a, b) => a.number - b.number)
}

/** How many were sent after the request `from` and up to `to`, and how many of them got no good answer. */
export function countBetween(
  requests: readonly Request[],
  from: number,
  to: number,
): { sent: number; lost: number } {
  const all = requests.filter(({ number }) => number > from && number <= to)
  return { sent: all.length, lost: all.filter(({ answered }) => !answered).length }
}

/** The number of the last request that has come to its end; 0 before the first. */
export const lastNumber = (requests: readonly Request[]): number => requests.at(-1)?.number ?? 0

/**
 * One request, which prints the answer's first header line and its body. With bash alone, so that an observer needs no
 * package: all it asks for is the status. A good answer is 2xx or 3xx.
 */
const ASK = `
exec 3<>"/dev/tcp/$1/80" || exit 1
printf 'GET %s HTTP/1.0\\r\\nHost: %s\\r\\n\\r\\n' "$2" "$1" >&3
IFS= read -r line <&3 && line=\${line%$'\\r'} && [ -n "$line" ] || exit 1
case $line in HTTP/?.?' '[23]??*) ;; *) echo "$line"; exit 1 ;; esac
while IFS= read -r line <&3 && [ "$line" != $'\\r' ]; do :; done
cat <&3`

/** Fetches a page from port 80 and prints its body; in words of sh with the address as first argument. */
export const askOnce = (path: string): string => `timeout 5 bash -c ${quote(ASK)} ask "$1" ${quote(path)}`

/** Asks ten times a second, each request on its own, so that one that hangs keeps no other waiting. */
export const httpProbe = (path: string): Probe => ({
  what: `answers http://…${path}`,
  once: askOnce(path),
  stream: `exec bash -c ${quote(STREAM)} stream "$1" ${quote(path)} ${quote(ASK)}`,
  remedy: (observer) =>
    `See that ${observer} has bash and reaches port 80 of the address, through firewalls too, and that the page is there.`,
})

const STREAM = `
number=0
while :; do
  number=$((number + 1))
  sleep 0.1 &
  pause=$!
  (
    if timeout 1 bash -c "$3" ask "$1" "$2" >/dev/null 2>&1; then said='' end=' time=now'; else said='no answer for ' end=''; fi
    echo "[$(date +%s.%6N)] \${said}http_seq=$number$end"
  ) &
  wait "$pause"
done`
