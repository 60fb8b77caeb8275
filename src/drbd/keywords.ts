/** The major versions of the module that differ in configuration, tools and metadata. */
export const DRIVERS = ['8.4', '9'] as const
export type Driver = (typeof DRIVERS)[number]

/**
 * Keywords of drbd.conf(5) by section, as the parsers of drbdadm 9 and of its 8.4 form take them. Left out: what has a
 * field of its own (`protocol`, `fencing`, `quorum`, `verify-alg`, `auto-promote`), secrets, `size` (truncates), and
 * `disk-timeout` (its own manual warns of corruption and kernel panics).
 */
export const NET = [
  'after-sb-0pri',
  'after-sb-1pri',
  'after-sb-2pri',
  'allow-remote-read',
  'allow-two-primaries',
  'always-asbp',
  'congestion-extents',
  'congestion-fill',
  'connect-int',
  'csums-after-crash-only',
  'csums-alg',
  'data-integrity-alg',
  'ko-count',
  'max-buffers',
  'max-epoch-size',
  'on-congestion',
  'ping-int',
  'ping-timeout',
  'rcvbuf-size',
  'rr-conflict',
  'sndbuf-size',
  'socket-check-timeout',
  'tcp-cork',
  'timeout',
  'transport',
  'unplug-watermark',
  'use-rle',
] as const

export const DISK = [
  'al-extents',
  'al-updates',
  'c-delay-target',
  'c-fill-target',
  'c-max-rate',
  'c-min-rate',
  'c-plan-ahead',
  'disable-write-same',
  'discard-zeroes-if-aligned',
  'disk-barrier',
  'disk-drain',
  'disk-flushes',
  'md-flushes',
  'on-io-error',
  'read-balancing',
  'resync-rate',
  'rs-discard-granularity',
] as const

export const OPTIONS = [
  'auto-promote-timeout',
  'cpu-mask',
  'on-no-data-accessible',
  'on-no-quorum',
  'on-suspended-primary-outdated',
  'peer-ack-delay',
  'peer-ack-window',
  'quorum-minimum-redundancy',
  'twopc-retry-timeout',
  'twopc-timeout',
] as const

export const HANDLERS = [
  'after-resync-target',
  'before-resync-source',
  'before-resync-target',
  'fence-peer',
  'initial-split-brain',
  'local-io-error',
  'out-of-sync',
  'pri-lost',
  'pri-lost-after-sb',
  'pri-on-incon-degr',
  'quorum-lost',
  'split-brain',
  'unfence-peer',
] as const

export const STARTUP = ['degr-wfc-timeout', 'outdated-wfc-timeout', 'wfc-timeout'] as const

const ONLY_84: ReadonlySet<string> = new Set(['unplug-watermark'])
const ONLY_9: ReadonlySet<string> = new Set([
  'allow-remote-read',
  'transport',
  ...OPTIONS.filter((name) => name !== 'cpu-mask' && name !== 'on-no-data-accessible'),
  'quorum-lost',
])

/** Whether the parser of this driver's tools takes the keyword. */
export function isKnownTo(driver: Driver, keyword: string): boolean {
  return !(driver === '9' ? ONLY_84 : ONLY_9).has(keyword)
}

/** Policies that throw one side's writes away without asking anybody (drbd.conf(5), after-sb-*pri and rr-conflict). */
const LOSES_DATA = /^(?:discard-(?!zero-changes)|violently|call-pri-lost|consensus$)/

/** Whether the value makes DRBD throw away data by itself. */
export function losesData(keyword: string, value: string): boolean {
  return /^(?:after-sb-[012]pri|rr-conflict)$/.test(keyword) && LOSES_DATA.test(value)
}
