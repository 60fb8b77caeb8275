import type { Node } from 'bringup'

/** An address that is looked at from another machine, ten times a second. */
export interface Watch {
  readonly log: string
  readonly pid: string
}

/** It ends by itself after this many seconds, should the controller die before it ends it. */
const LONGEST = 900

/** Seconds within which the address must answer again once the cluster says that it has moved. */
const SETTLE = 60

/**
 * Starts probing an address from a node and waits for the first answer. The probe runs detached, so that it goes on
 * while other commands run on that node.
 */
export async function startWatch<V>(observer: Node<V>, address: string): Promise<Watch> {
  await observer.require(
    `${address} answers`,
    async ({ $ }) => {
      const seen = await $.read({ nothrow: true })`ping -n -c 1 -w 10 ${address}`
      return seen.exitCode === 0 || seen.stdout.trim().split('\n').slice(-2).join('; ')
    },
    `See that ${observer.name} is on the same network, and that ping (iputils) is installed there.`,
  )
  const started = await observer.$.read`
    log=$(mktemp /run/bringup-drill.XXXXXX)
    nohup ping -n -D -O -i 0.1 -w ${LONGEST} ${address} >"$log" 2>&1 </dev/null &
    echo "$log" $!`
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
