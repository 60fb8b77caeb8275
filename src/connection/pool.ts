import { retireText } from './kill_text.ts'
import type { Job, Lane } from './lane.ts'
import { jobText, ownText } from './lane_text.ts'
import { createSlots } from './slots.ts'

/*
 * sshd allows 10 sessions to a connection (MaxSessions), but frees one only after it has reaped the shell: with seven
 * or more that come and go, some are refused. So: three shells for commands, two for transfers, one for control.
 */
const LANES = 3
const TRANSFERS = 2

/** How long (ms) a job may run before those that were sent behind it are taken elsewhere. */
const IMPATIENCE = 100
/** Jobs sent ahead to one shell. */
const DEPTH = 16

/** The shells of one connection, opened as they are needed. */
export interface Pool {
  submit(job: Job): void
  /** Takes back a job that has not begun. False: it was on its way, and will tell whether it had begun. */
  withdraw(job: Job): Promise<boolean>
  /** Has the jobs behind the running one of a lane run elsewhere, and the lane end after the running one. */
  unload(lane: number): Promise<void>
  /** Opens a shell for a transfer beside the lanes; it keeps one of two places until it has ended. */
  openTransfer(): Promise<Lane>
  /** Runs a script of the engine's own, at once, whatever else is running. @returns what it printed */
  control(script: string): Promise<string>
  /** The same in the control shell itself, which lives as long as the connection. */
  controlOwn(script: string): Promise<string>
  /** Has every shell for commands and transfers run a script in itself, those to come before anything else. */
  prepare(script: string): void
  /** Opens a shell for commands ahead of need. */
  warm(): void
  /** Ends the idle shells; nothing can be submitted afterwards. */
  close(reason: () => Error): void
}

/** Opens one shell, which runs `first` first; `onProgress` is told of each job that started or ended in it. */
export type OpenLane = (onProgress?: () => void, first?: readonly Job[]) => Promise<Lane>

export function createPool(open: OpenLane): Pool {
  const transfers = createSlots(TRANSFERS)
  const lanes: Lane[] = []
  const waiting: Job[] = []
  const unloading = new Map<Lane, Promise<void>>()
  let opening = 0
  let controller: Promise<Lane> | null = null
  let preparation: string | null = null
  let closed: (() => Error) | null = null
  let progress = Promise.withResolvers<void>()

  const onProgress = (): void => {
    progress.resolve()
    progress = Promise.withResolvers()
    drain()
  }

  const remove = (lane: Lane): void => {
    lanes.splice(lanes.indexOf(lane), 1)
    onProgress()
  }

  function drain(): void {
    while (waiting.length > 0) {
      const lane = bestLane(lanes)
      if (lane === null) break
      lane.submit(waiting.shift()!)
      watch(lane)
    }
    if (waiting.length > opening && lanes.length + opening < LANES) void grow()
  }

  async function grow(): Promise<void> {
    opening += 1
    try {
      const lane = prepared(await open(onProgress))
      opening -= 1
      lanes.push(lane)
      void lane.closed.then(() => remove(lane))
      if (closed !== null) lane.retire()
      drain()
    } catch (error) {
      opening -= 1
      if (lanes.length + opening === 0) for (const job of waiting.splice(0)) job.fail(error)
    }
  }

  function prepared(lane: Lane): Lane {
    if (preparation === null) return lane
    const { job, reply } = textJob(ownText(preparation))
    // It can't fail but with the shell, whose other jobs then tell.
    reply.catch(() => {})
    lane.submit(job)
    return lane
  }

  /** Looks after jobs that were sent ahead: one that turns out to take long must not keep them. */
  function watch(lane: Lane): void {
    if (lane.jobs.length < 2) return
    setTimeout(() => {
      if (!lane.open || lane.jobs.length < 2) return
      // What has no process of its own can't be told from the shell, and is soon over.
      if (isYoung(lane) || lane.running?.process === null) watch(lane)
      else unload(lane).catch(() => {})
    }, IMPATIENCE).unref()
  }

  function unload(lane: Lane): Promise<void> {
    const begun = unloading.get(lane) ?? takeBack(lane).finally(() => unloading.delete(lane))
    unloading.set(lane, begun)
    return begun
  }

  async function takeBack(lane: Lane): Promise<void> {
    // What was just sent tells in a moment what it runs as.
    while (lane.running === null && lane.jobs.length > 0) await progress.promise
    const process = lane.running?.process
    if (process == null) return
    const reply = await control(jobText(retireText(process, lane.pid), {}))
    if (reply.trim() === 'certain') lane.recall()
    // Otherwise the shell is between two jobs: it ends there or goes on, and each job is told.
  }

  async function control(text: string): Promise<string> {
    const { job, reply } = textJob(text)
    reply.catch(() => {})
    if (controller === null) {
      controller = open(undefined, [job])
      controller.catch(() => (controller = null))
      await controller
      return reply
    }
    const lane = await controller
    if (lane.open) lane.submit(job)
    else {
      controller = null
      return control(text)
    }
    return reply
  }

  return {
    control: (script) => control(jobText(script, {})),
    controlOwn: (script) => control(ownText(script)),
    prepare(script) {
      preparation = script
      for (const lane of lanes) if (lane.open) prepared(lane)
    },
    warm() {
      if (lanes.length + opening === 0) void grow()
    },
    submit(job) {
      if (closed !== null) return job.fail(closed())
      waiting.push(job)
      drain()
    },
    async withdraw(job) {
      const at = waiting.indexOf(job)
      if (at >= 0) return waiting.splice(at, 1).length > 0
      const lane = lanes.find((candidate) => candidate.jobs.includes(job))
      if (lane !== undefined) await unload(lane)
      return false
    },
    async unload(pid) {
      const lane = lanes.find((candidate) => candidate.pid === pid)
      if (lane !== undefined && lane.jobs.length > 1) await unload(lane)
    },
    async openTransfer() {
      const release = await transfers.take()
      try {
        const lane = prepared(await open())
        void lane.closed.then(release)
        return lane
      } catch (error) {
        release()
        throw error
      }
    },
    close(reason) {
      closed = reason
      for (const job of waiting.splice(0)) job.fail(reason())
      for (const lane of lanes) lane.retire()
      controller?.then((lane) => lane.retire()).catch(() => {})
    },
  }
}

/** An idle lane; or else the least busy one whose running job is not known to take long. */
function bestLane(lanes: readonly Lane[]): Lane | null {
  const able = lanes.filter((lane) => lane.open && lane.jobs.length < DEPTH && isYoung(lane))
  return able.toSorted((a, b) => a.jobs.length - b.jobs.length)[0] ?? null
}

function isYoung(lane: Lane): boolean {
  return lane.running === null || performance.now() - lane.running.since < IMPATIENCE
}

/** A job whose output is its reply. @throws what ended the shell, or kept it from opening */
function textJob(text: string): { job: Job; reply: Promise<string> } {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let output = ''
  const job: Job = {
    text,
    start: () => {},
    output: (stream, chunk) => void (output += stream === 'stdout' ? chunk.toString('utf8') : ''),
    end: () => resolve(output),
    lost: (_, why) => reject(why ?? new Error('the shell ended')),
    fail: reject,
  }
  return { job, reply: promise }
}
