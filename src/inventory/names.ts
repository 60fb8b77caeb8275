/** Names of hosts and groups: what patterns and file names can carry without a quote. */
const allowed = /^[\p{L}\p{N}_][\p{L}\p{N}._-]*$/u

/** What is wrong with a name for a host or a group, or null. */
export function nameProblem(name: string): string | null {
  if (name === '') return 'an empty name'
  if (name.length > 253) return 'a name of more than 253 characters'
  if (!allowed.test(name))
    return `the name ${JSON.stringify(name.slice(0, 60))} holds characters that names can not have`
  return null
}

export const namesRemedy =
  'Names are letters, digits, ".", "_" and "-"; an address goes into "host:" (or "ansible_host:") below the name.'
