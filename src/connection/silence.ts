import type { Duplex } from 'node:stream'
import type { Seconds } from './remote.ts'

/** How often a host that says nothing is asked whether it is there. */
export const PING: Seconds = 5
/** A host that has said nothing for so long, though it was asked, is given up. */
export const PATIENCE: Seconds = 20
/** The same straight after a login, when a logind that hangs keeps sshd (pam_systemd) for 25 s. */
export const FIRST_PATIENCE: Seconds = 35

/**
 * Calls `onSilence` once nothing at all has come out of `socket` for {@link PATIENCE}, as from a host that hangs or
 * behind a firewall that forgot the connection: TCP itself would wait for a quarter of an hour.
 *
 * ssh2's own count of unanswered pings is no measure: on a slow line the answer stands behind megabytes of a transfer.
 * Seconds are counted as they are lived through: those in which this process was stopped, or busy, are not the host's.
 */
export function watchSilence(socket: Duplex, onSilence: (error: Error) => void): void {
  let silent: Seconds = 0
  let limit = FIRST_PATIENCE
  const timer = setInterval(() => {
    silent += 1
    if (silent < limit) return
    stop()
    onSilence(new Error(`the host has not answered for ${limit} s`))
  }, 1000)
  const onData = (): void => {
    silent = 0
    limit = PATIENCE
  }
  const stop = (): void => {
    clearInterval(timer)
    socket.off('data', onData)
  }
  // A run that is done does not wait for this.
  timer.unref()
  socket.on('data', onData).once('close', stop)
}
