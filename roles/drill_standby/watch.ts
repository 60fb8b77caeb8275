import type { Node } from 'bringup'

/** An address that is looked at from another machine, ten times a second. */
export interface Watch {
  readonly log: string
  readonly pid: string
}

/** What asks an address, in words of sh that take it as their first argument. */
export interface Probe {
  /** For people: `answers`. */
  readonly what: string
  /** Asks once, and fails where there is no answer. */
  readonly once: string
  /**
   * Asks ten times a second without end, each time under the next number: a line with `[SECONDS]`, `_seq=NUMBER` and `time=`
   * for each answer, and for nothing else a line with `time=`.
   */
  readonly stream: string
  /** What to do where there is no answer. */
  readonly remedy: (observer: string) => string
}

const PING: Probe = {
  what: 'answers',
  once: 'ping -n -c 1 -w 10 "$1"',
  // ping's own deadline (-w) would end it at the first "host unreachable", which is what an address is for a while that
  // moves slowly.
  stream: 'exec ping -n -D -O -i 0.1 "$1"',
  remedy: (observer) =>
    `See that ${observer} is on the same network, and that ping (iputils) is installed there.`,
}

/** Seconds after which it ends by itself, unless another time is asked for. */
const LONGEST = 900

/** Seconds within which the address must answer again once the cluster says that it has moved. */
const SETTLE = 60

/**
 * Words of sh that find the process which the run's connection hangs on, as `$owner`: its sshd, or the controller itself
 * for a local one. What is to end with the run watches it.
 */
export const OWNER = `
owner=$PPID p=$PPID
while [ "$p" -gt 1 ]; do
  read -r name <"/proc/$p/comm" || break
  case $name in sshd*) owner=$p; break ;; esac
  p=$(sed -n 's/^PPid:[^0-9]*//p' "/proc/$p/status")
done
`

/**
 * Starts a probe in the background, which prints its log's path and its process. A second process ends it and removes
 * the log once the probe's connection is gone, as it is when the controller dies.
 */
const START = `${OWNER}log=$(mktemp /run/bringup-drill.XXXXXX)
nohup timeout "$longest" sh -c "$stream" probe "$address" >"$log" 2>&1 </dev/null &
probe=$!
nohup sh -c 'while [ -d "/proc/$1" ] && [ -d "/proc/$2" ]; do sleep 1; done
kill "$2"; rm -f "$3"' sh "$owner" "$probe" "$log" >/dev/null 2>&1 </dev/null &
# What is away before the first answer is in the log would not be told from one that was never there.
until grep -q time= "$log" || ! [ -d "/proc/$probe" ]; do sleep 0.05; done
echo "$log" "$probe"`

/**
 * Starts probing an address from a node and waits for the first answer. The probe runs detached, so that it goes on
 * while other commands run on that node.
 */
export async function startWatch<V>(
  observer: Node<V>,
  address: string,
  { probe = PING, longest = LONGEST }: { probe?: Probe; longest?: number } = {},
): Promise<Watch> {
  await observer.require(
    `${address} ${probe.what}`,
    async ({ $ }) => {
      const seen = await $.read({ nothrow: true })`sh -c ${probe.once} probe ${address}`
      return seen.exitCode === 0 || `${seen.stdout}${seen.stderr}`.trim().split('\n').slice(-2).join('; ')
    },
    probe.remedy(observer.name),
  )
  const env = { address, longest: String(longest), stream: probe.stream }
  const started = await observer.$.read({ env })`eval ${START}`
  const [log = '', pid = ''] = started.stdout.trim().split(' ')
  return { log, pid }
}

/** What the probe has printed so far. */
export async function printedSoFar<V>(observer: Node<V>, { log }: Watch): Promise<string> {
  return (await observer.$.read`cat ${log}`).stdout
}

/** What the probe has printed, once the address answers again. */
export async function outputOf<V>(observer: Node<V>, { log }: Watch): Promise<string> {
  const seen = await observer.$.read({ timeout: SETTLE, env: { log } })`
    before=$(grep -c time= "$log" || :)
    until [ "$(grep -c time= "$log" || :)" -gt "$before" ]; do sleep 0.05; done
    cat "$log"`
  return seen.stdout
}

export async function endWatch<V>(observer: Node<V>, { log, pid }: Watch): Promise<void> {
  await observer.$.read({ nothrow: true })`kill ${pid} || :; rm -f ${log}`
}
