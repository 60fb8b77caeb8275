/** A time without an answer, seen from outside. */
export interface Away {
  /** Seconds since 1970 of the last answer before it. */
  readonly from: number
  /** Seconds from that answer to the next. */
  readonly seconds: number
  /** Probes without an answer in between. */
  readonly lost: number
}

const REPLY = /^\[(\d+\.\d+)\].*\bicmp_seq=(\d+)\b.*\btime=/

/**
 * Times without an answer in the output of `ping -D -i INTERVAL` (iputils ping(8)): a gap in the sequence numbers of
 * the replies. A reply that is merely late is no gap. The end of the output is not judged: see {@link lastReply}.
 */
export function awayTimes(output: string): Away[] {
  const replies = repliesIn(output)
  return replies.flatMap((reply, index) => {
    const before = replies[index - 1]
    if (before === undefined || reply.sequence - before.sequence <= 1) return []
    const lost = reply.sequence - before.sequence - 1
    return [{ from: before.time, seconds: round(reply.time - before.time), lost }]
  })
}

/** When the last answer came, in seconds since 1970; null before the first. */
export function lastReply(output: string): number | null {
  return repliesIn(output).at(-1)?.time ?? null
}

function repliesIn(output: string): { time: number; sequence: number }[] {
  return output.split('\n').flatMap((line) => {
    const reply = REPLY.exec(line)
    return reply === null ? [] : [{ time: Number(reply[1]), sequence: Number(reply[2]) }]
  })
}

const round = (seconds: number): number => Math.round(seconds * 1000) / 1000
