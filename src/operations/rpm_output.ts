import type { PackageSpec, PackageState } from './package_state.ts'

/**
 * Reads the answers of rpm, and those of dnf's repoquery (`available pcs 0.11.7-2.el9`) or of yum's list, whose lines
 * are in columns, wrapped at the width of a terminal: only the order of its words counts.
 */
export function parseRpmRead(text: string, specs: readonly PackageSpec[]): Record<string, PackageState> {
  const [head = '', ...lists] = text.split(/^list (?=(?:available|upgrade)$)/m)
  const lines = head.split('\n').map((line) => line.trim().split(/\s+/))
  const installed = new Map<string, string[]>()
  let current: string[] = []
  const offers: Offer[] = lists.flatMap(yumOffers)
  for (const [kind, name, version] of lines) {
    if (kind === 'package' && name !== undefined && version === undefined) installed.set(name, (current = []))
    else if (kind === 'installed' && name !== undefined) current.push(name)
    else if ((kind === 'available' || kind === 'upgrade') && name !== undefined && version !== undefined)
      offers.push({ kind, name, version })
  }
  const offered = (name: string, kind: Offer['kind']): string | null =>
    offers.findLast((offer) => offer.name === name && offer.kind === kind)?.version ?? null
  return Object.fromEntries(
    specs.map(({ name, version }) => {
      const present = installed.get(name) ?? []
      const upgrade = offered(name, 'upgrade')
      // Without a version asked for, something older in the sources is no candidate for what is installed.
      const candidate =
        present.length > 0 && version === null ? (upgrade ?? present[0] ?? null) : offered(name, 'available')
      return [name, { installed: present, candidate }]
    }),
  )
}

interface Offer {
  readonly kind: 'available' | 'upgrade'
  readonly name: string
  readonly version: string
}

/** `Available Packages`, then name.architecture, version, repository over and over. */
function yumOffers(list: string): Offer[] {
  const kind = list.startsWith('upgrade') ? 'upgrade' : 'available'
  const words =
    list
      .split(/^\S+ Packages$/m)[1]
      ?.trim()
      .split(/\s+/) ?? []
  const offers: Offer[] = []
  for (let at = 0; at + 1 < words.length; at += 3)
    offers.push({ kind, name: (words[at] ?? '').replace(/\.[^.]+$/, ''), version: words[at + 1] ?? '' })
  return offers
}
