/** The hosts of the run by their place in it: numbers need no quoting in the page's filter, whatever a host is called. */
export interface HostPlaces {
  /** `0 2`; every host's where it concerns no single one, as a failure of the role itself. */
  readonly numbers: (hosts: readonly string[]) => string
  readonly compare: (a: string, b: string) => number
  /** How many there are. */
  readonly count: number
}

export function hostPlaces(all: readonly string[]): HostPlaces {
  const places = new Map(all.map((host, index) => [host, index]))
  const place = (host: string): number => places.get(host) ?? all.length
  return {
    numbers: (hosts) => {
      const known = hosts.flatMap((host) => places.get(host) ?? [])
      return (known.length === 0 ? [...all.keys()] : known).join(' ')
    },
    compare: (a, b) => place(a) - place(b),
    count: all.length,
  }
}

const MOST_HOSTS = 6

/** Few by their names; many by their number, since the recap names them all. */
export const hostsText = (hosts: readonly string[]): string =>
  hosts.length <= MOST_HOSTS ? hosts.join(', ') : `${hosts.length} hosts`
