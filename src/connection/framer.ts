/** What a framer finds in a stream, in order. */
export interface FrameEvents {
  /** Bytes between two marks. */
  readonly bytes: (chunk: Buffer) => void
  /** The text behind a nonce, up to the end of its line. */
  readonly mark: (text: string) => void
}

export interface Framer {
  readonly push: (chunk: Buffer) => void
  /** The stream is over: bytes held back because a nonce could have begun in them are given out. */
  readonly end: () => void
}

const NEWLINE = 10

/**
 * Finds marks (`<nonce> text\n`) in a stream that is cut into arbitrary chunks and holds arbitrary bytes around them.
 * Holds back at most a nonce's length of bytes, so that nothing has to be searched twice.
 */
export function createFramer(nonce: string, events: FrameEvents): Framer {
  const needle = Buffer.from(nonce, 'latin1')
  let held: Buffer = Buffer.alloc(0)

  const give = (bytes: Buffer): void => {
    if (bytes.length > 0) events.bytes(bytes)
  }

  return {
    push(chunk) {
      let rest = held.length === 0 ? chunk : Buffer.concat([held, chunk])
      for (;;) {
        const at = rest.indexOf(needle)
        if (at < 0) {
          const sure = Math.max(0, rest.length - needle.length + 1)
          give(rest.subarray(0, sure))
          held = rest.subarray(sure)
          return
        }
        give(rest.subarray(0, at))
        const end = rest.indexOf(NEWLINE, at + needle.length)
        if (end < 0) {
          held = rest.subarray(at)
          return
        }
        events.mark(rest.toString('latin1', at + needle.length, end).trim())
        rest = rest.subarray(end + 1)
      }
    },
    end() {
      give(held)
      held = Buffer.alloc(0)
    },
  }
}
