import type { Node } from 'bringup'

/** An address that is looked at from another machine, ten times a second. */
export interface Watch {
  readonly log: string
  readonly pid: string
}

/** Seconds after which it ends by itself. */
const LONGEST = 900

/** Seconds within which the address must answer again once the cluster says that it has moved. */
const SETTLE = 60

/**
 * Starts a probe in the background, which prints its log's path and its process. A second process ends it and removes
 * the log once the probe's connection is gone (its sshd, or the controller itself for a local one), as it is when the
 * controller dies. ping's own deadline (-w) would end it at the first "host unreachable", which is what an address is
 * for a while that moves slowly.
 */
const START = `
owner=$PPID p=$PPID
while [ "$p" -gt 1 ]; do
  read -r name <"/proc/$p/comm" || break
  case $name in sshd*) owner=$p; break ;; esac
  p=$(sed -n 's/^PPid:[^0-9]*//p' "/proc/$p/status")
done
log=$(mktemp /run/bringup-drill.XXXXXX)
nohup timeout "$longest" ping -n -D -O -i 0.1 "$address" >"$log" 2>&1 </dev/null &
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
export async function startWatch<V>(observer: Node<V>, address: string): Promise<Watch> {
  await observer.require(
    `${address} answers`,
    async ({ $ }) => {
      const seen = await $.read({ nothrow: true })`ping -n -c 1 -w 10 ${address}`
      return seen.exitCode === 0 || `${seen.stdout}${seen.stderr}`.trim().split('\n').slice(-2).join('; ')
    },
    `See that ${observer.name} is on the same network, and that ping (iputils) is installed there.`,
  )
  const env = { address, longest: String(LONGEST) }
  const started = await observer.$.read({ env })`eval ${START}`
  const [log = '', pid = ''] = started.stdout.trim().split(' ')
  return { log, pid }
}

/** What `ping -D` has printed so far, once the address answers again. */
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
