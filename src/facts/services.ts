import type { ServiceFact } from './facts.ts'

/**
 * Joins `systemctl list-units` (unit, load, active, sub) and the states of unit files. An instance (`getty@tty1`) has
 * the state of its template's file; a loaded unit without any file is `transient`.
 */
export function parseServices(
  units: readonly string[],
  enabled: ReadonlyMap<string, string>,
): Record<string, ServiceFact> {
  const services = new Map<string, ServiceFact>()
  for (const [name, state] of enabled)
    if (!name.endsWith('@')) services.set(name, { active: 'inactive', enabled: state })
  for (const [unit, load, active] of units.map(words)) {
    if (!unit?.endsWith('.service') || active === undefined || load === 'not-found') continue
    const name = unit.slice(0, -'.service'.length)
    const file = enabled.get(name) ?? enabled.get(name.replace(/@.*/, '@'))
    services.set(name, { active, enabled: file ?? (load === 'masked' ? 'masked' : 'transient') })
  }
  return Object.fromEntries(services)
}

/** systemd of EL 7 marks failed units with a dot even where `--plain` is asked for. */
const words = (line: string): string[] => line.replace(/^[\s●*×○]+/, '').split(/\s+/)
