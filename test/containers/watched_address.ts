import { awayTimes, lastReply } from '../../roles/drill_standby/ping.ts'
import type { Lab } from '../../scripts/lab/raise.ts'

/** What a lab's client saw of an address. */
export interface Watched<T> {
  /** What the work gave. */
  readonly done: T
  readonly answers: number
  /** Each time without an answer. */
  readonly away: ReturnType<typeof awayTimes>
}

const LOG = '/run/watched-address'
const BEGIN = `nohup ping -n -D -O -i 0.1 "$1" >${LOG} 2>&1 </dev/null & echo $!
until grep -q time= ${LOG}; do sleep 0.1; done`
// An address that went away for good is a gap without an end: there has to be one more answer.
const ONE_MORE = `before=$(grep -c time= ${LOG}); timeout 60 sh -c "until [ \\$(grep -c time= ${LOG}) -gt $before ]; do sleep 0.1; done"`

/** Looks at an address ten times a second from before the work until after it. */
export async function watchedAddress<T>(
  lab: Lab,
  address: string,
  work: () => Promise<T>,
): Promise<Watched<T>> {
  const pid = (await lab.exec('client', `set -- ${address}\n${BEGIN}`)).stdout.trim()
  try {
    const done = await work()
    await lab.exec('client', ONE_MORE)
    const { stdout } = await lab.exec('client', `cat ${LOG}`)
    if (lastReply(stdout) === null) throw new Error(`${address} never answered`)
    return { done, answers: [...stdout.matchAll(/ time=/g)].length, away: awayTimes(stdout) }
  } finally {
    await lab.exec('client', `kill ${pid}`)
  }
}
