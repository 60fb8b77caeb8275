import { createHash } from 'node:crypto'

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/**
 * The `$6$` hash of a password, as crypt(5) has it: "Unix crypt using SHA-256 and SHA-512" by Ulrich Drepper, whose
 * steps are numbered here as there.
 *
 * @param setting `$6$salt`, `$6$rounds=N$salt`, or a whole hash, whose salt and rounds are taken
 */
export function sha512Crypt(password: string, setting: string): string {
  const [, asked, saltText = ''] = /^\$6\$(?:rounds=(\d+)\$)?([^$]{0,16})/.exec(setting) ?? []
  const rounds = Math.min(Math.max(Number(asked ?? 5000), 1000), 999_999_999)
  const key = Buffer.from(password)
  const salt = Buffer.from(saltText)

  // 4 to 8: the alternate sum B; 9 to 12: A, where each bit of the length takes B or the key.
  const b = sha512(key, salt, key)
  const parts = [key, salt, repeated(b, key.length)]
  for (let bits = key.length; bits > 0; bits >>= 1) parts.push(bits % 2 === 1 ? b : key)
  let sum = sha512(...parts)

  // 13 to 20: P and S, as long as the key and the salt.
  const p = repeated(sha512(...Array<Buffer>(key.length).fill(key)), key.length)
  const s = repeated(sha512(...Array<Buffer>(16 + (sum[0] ?? 0)).fill(salt)), salt.length)

  // 21: the rounds.
  for (let round = 0; round < rounds; round++) {
    const odd = round % 2 === 1
    const middle = [...(round % 3 === 0 ? [] : [s]), ...(round % 7 === 0 ? [] : [p])]
    sum = sha512(odd ? p : sum, ...middle, odd ? sum : p)
  }
  const shownRounds = asked === undefined ? '' : `rounds=${rounds}$`
  return `$6$${shownRounds}${saltText}$${encoded(sum)}`
}

function sha512(...parts: readonly Buffer[]): Buffer {
  const hash = createHash('sha512')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

const repeated = (bytes: Buffer, length: number): Buffer => Buffer.alloc(length, bytes)

/** 22: three bytes at a time, in an order of its own, as four characters with the lowest six bits first. */
function encoded(sum: Buffer): string {
  const groups = Array.from({ length: 21 }, (_, index) => {
    const first = [index, index + 21, index + 42]
    const shift = index % 3
    return [0, 1, 2].map((place) => sum[first[(place + shift) % 3] ?? 0] ?? 0)
  })
  const texts = groups.map(([high = 0, middle = 0, low = 0]) =>
    characters((high << 16) | (middle << 8) | low, 4),
  )
  return texts.join('') + characters(sum[63] ?? 0, 2)
}

function characters(value: number, count: number): string {
  return Array.from({ length: count }, (_, index) => ALPHABET[(value >> (6 * index)) & 63]).join('')
}
