/**
 * The path below /proc/sys of a key. As for sysctl(8), the first separator decides: in `net/ipv4/conf/eth0.5/mtu` a
 * dot is a letter, and in `net.ipv4.conf.eth0/5.mtu` a slash stands for one.
 */
export function sysctlPath(key: string): string {
  const bare = key.replace(/^-/, '')
  const slashes = bare.search(/[./]/) >= 0 && bare[bare.search(/[./]/)] === '/'
  const path = slashes ? bare : bare.replace(/[./]/g, (found) => (found === '.' ? '/' : '.'))
  return `/proc/sys/${path}`
}

/** The kernel separates the numbers of a value with tabs. */
export const sysctlValue = (value: string | number): string => String(value).trim().split(/\s+/).join(' ')

/**
 * The text of a sysctl.d(5) file with some keys set, or removed (null). A key keeps its line and spelling where it has
 * one; of several the last, which is the one in force, stays.
 */
export function withSysctls(text: string, values: Readonly<Record<string, string | null>>): string {
  const wanted = new Map(Object.entries(values).map(([key, value]) => [sysctlPath(key), { key, value }]))
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n')
  const kept: string[] = []
  const seen = new Set<string>()
  for (const line of lines.toReversed()) {
    const [, key, value] = /^\s*([^\s#;=][^=]*?)\s*=(.*)$/.exec(line) ?? []
    const path = key === undefined ? undefined : sysctlPath(key)
    const want = path === undefined ? undefined : wanted.get(path)
    if (want === undefined || path === undefined) kept.push(line)
    else if (want.value !== null && !seen.has(path)) {
      seen.add(path)
      kept.push(sysctlValue(value ?? '') === want.value ? line : `${key} = ${want.value}`)
    }
  }
  const added = [...wanted].flatMap(([path, { key, value }]) =>
    value === null || seen.has(path) ? [] : [`${key} = ${value}`],
  )
  const all = [...kept.toReversed(), ...added]
  return all.length === 0 ? '' : `${all.join('\n')}\n`
}
