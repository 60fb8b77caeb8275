import type { Node } from 'bringup'

/** An address that is looked at from another machine, ten times a second. */
export interface Watch {
  /** What `ping -D` has printed so far, once the address answers again. */
  output(): Promise<string>
  /** Ends the probing; safe to call twice. */
  end(): Promise<void>
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
  const started = await observer.$.read`
    log=$(mktemp /run/bringup-drill.XXXXXX)
    nohup ping -n -D -O -i 0.1 -w ${LONGEST} ${address} >"$log" 2>&1 </dev/null &
    echo "$log" $!`
  const [log = '', pid = ''] = started.stdout.trim().split(' ')
  const output = async (): Promise<string> => {
    const seen = await observer.$.read({ timeout: SETTLE, env: { log } })`
      before=$(grep -c time= "$log" || :)
      until [ "$(grep -c time= "$log" || :)" -gt "$before" ]; do sleep 0.05; done
      cat "$log"`
    return seen.stdout
  }
  let ended = false
  const end = async (): Promise<void> => {
    if (ended) return
    ended = true
    await observer.$.read({ nothrow: true })`kill ${pid} || :; rm -f ${log}`
  }
  try {
    await observer.require(
      `${address} answers`,
      async ({ $ }) => {
        const seen = await $.read({ nothrow: true })`ping -n -c 1 -w 10 ${address}`
        return seen.exitCode === 0 || seen.stdout.trim().split('\n').slice(-2).join('; ')
      },
      `See that ${observer.name} is on the same network, and that ping (iputils) is installed there.`,
    )
  } catch (error) {
    await end()
    throw error
  }
  return { output, end }
}
