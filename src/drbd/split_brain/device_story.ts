/** What a node says of the device of a volume and the disk below, beside DRBD. */
export interface DeviceStory {
  /** Who uses it, in words. */
  readonly uses: readonly string[]
  /** Undefined where there is none that tells. */
  readonly fileSystem: FileSystemTimes | undefined
}

/** What a file system says of itself, UTC. */
export interface FileSystemTimes {
  readonly mounted: string
  /** When its superblock was written: of its files, some may have been later. */
  readonly written: string
}

/** `53 ef` at 1080: the superblock of ext2 to ext4 (kernel, fs/ext4/ext4.h: s_magic; s_mtime and s_wtime before it). */
const EXT = '53 ef'

/** Pure: reads lines of `mount PATH`, `swap`, `holder NAME`, `magic BYTES`, `times MOUNTED WRITTEN`. */
export function deviceStory(text: string): DeviceStory {
  const lines = text.split('\n').map((line) => {
    const [word = '', ...rest] = line.trim().split(/\s+/)
    return { word, rest: rest.join(' ') }
  })
  const of = (word: string): string[] => lines.filter((line) => line.word === word).map(({ rest }) => rest)
  const [times = ''] = of('times')
  const [mounted, written] = times.split(' ').map(Number)
  return {
    uses: [
      ...of('mount').map((path) => `mounted on ${path.replace(/\\([0-7]{3})/g, octal)}`),
      ...of('swap').map(() => 'used as swap'),
      ...of('holder').map((name) => `used by ${name}`),
    ],
    fileSystem:
      of('magic')[0] === EXT ? { mounted: timeText(mounted), written: timeText(written) } : undefined,
  }
}

/** proc(5): blanks in mount points are octal. */
const octal = (_: string, digits: string): string => String.fromCharCode(Number.parseInt(digits, 8))

const timeText = (seconds: number | undefined): string =>
  seconds === undefined || !(seconds > 0)
    ? 'never'
    : new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')
