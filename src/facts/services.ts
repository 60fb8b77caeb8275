import type { ServiceFact } from './facts.ts'

/**
 * Joins `systemctl list-units` (unit, load, active, sub) and `list-unit-files` (file, state). An instance
 * (`getty@tty1`) has the state of its template's file; a loaded unit without any file is `transient`.
 */
export function parseServices(
  units: readonly string[],
  unitFiles: readonly string[],
): Record<string, ServiceFact> {
  const enabled = new Map(unitFiles.map(words).flatMap(([file, state]) => named(file, state)))
  const services = new Map<string, ServiceFact>()
  for (const [name, state] of enabled)
    if (!name.endsWith('@')) services.set(name, { active: 'inactive', enabled: state })
  for (const [unit, load, active] of units.map(words)) {
    if (load === undefined || load === 'not-found') continue
    for (const [name, state] of named(unit, active)) {
      const file = enabled.get(name) ?? enabled.get(name.replace(/@.*/, '@'))
      services.set(name, { active: state, enabled: file ?? (load === 'masked' ? 'masked' : 'transient') })
    }
  }
  return Object.fromEntries(services)
}

/** systemd of EL 7 marks failed units with a dot even where `--plain` is asked for. */
const words = (line: string): string[] => line.replace(/^[\s●*×○]+/, '').split(/\s+/)

function named(unit: string | undefined, value: string | undefined): [string, string][] {
  return unit?.endsWith('.service') && value !== undefined ? [[unit.slice(0, -'.service'.length), value]] : []
}
