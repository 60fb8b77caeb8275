import { parseConf, renderConf, sections, value } from './conf.ts'
import type { Section } from './conf.ts'

/** What corosync's own watchdog service is told (corosync.conf(5), `resources`). */
export interface CorosyncWatchdog {
  /** A path, as /dev/watchdog. */
  readonly device: string
  /** Seconds, 2 to 120. */
  readonly timeout: number
}

/** corosync.conf with the watchdog in it; the same text where it is there. All else stays, comments too where possible. */
export function withWatchdog(text: string, { device, timeout }: CorosyncWatchdog): string {
  const wanted: Record<string, string> = { watchdog_device: device, watchdog_timeout: String(timeout) }
  const conf = parseConf(text)
  const found = sections(conf, 'resources')
  const entries = Object.entries(wanted).map(([key, one]) => ({ key, value: one }))
  const last = found.at(-1)
  if (last === undefined) {
    const section = { name: 'resources', entries }
    return `${text.trimEnd()}\n\n${renderConf({ name: '', entries: [section] })}`
  }
  if (Object.entries(wanted).every(([key, one]) => value(last, key) === one)) return text
  const kept = last.entries.filter((entry) => !('key' in entry) || !(entry.key in wanted))
  const next: Section = { name: 'resources', entries: [...kept, ...entries] }
  return renderConf({ name: '', entries: conf.entries.map((entry) => (entry === last ? next : entry)) })
}
