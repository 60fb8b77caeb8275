/** Some hosts' names in a few words: `server1, server2`, or `server1, server2 and 48 more`. */
export function hostList(names: readonly string[]): string {
  if (names.length <= 4) return names.join(', ')
  return `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`
}
