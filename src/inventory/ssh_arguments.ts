/** What `ansible_ssh_common_args` can say that bringup has a setting for. */
export interface SshArguments {
  jump?: string
  proxyCommand?: string
  knownHosts?: string
  user?: string
  port?: string
  identityFile?: string
}

/** `-o` options that tune OpenSSH itself and mean nothing to a connection that stays open anyway. */
const tuning = new Set([
  'controlmaster',
  'controlpersist',
  'controlpath',
  'serveraliveinterval',
  'serveralivecountmax',
  'connecttimeout',
  'connectionattempts',
  'tcpkeepalive',
  'compression',
  'loglevel',
  'forwardagent',
  'preferredauthentications',
  'identitiesonly',
  'batchmode',
])

const options = new Map<string, keyof SshArguments>(
  Object.entries({
    proxyjump: 'jump',
    proxycommand: 'proxyCommand',
    userknownhostsfile: 'knownHosts',
    user: 'user',
    port: 'port',
    identityfile: 'identityFile',
  } as const),
)

const flags: Readonly<Record<string, keyof SshArguments>> = {
  '-J': 'jump',
  '-l': 'user',
  '-p': 'port',
  '-i': 'identityFile',
}

/** Reads arguments meant for OpenSSH's `ssh`; a problem is said with the name of ours that serves instead. */
export function parseSshArguments(text: string): SshArguments | { problem: string; remedy: string } {
  const words = splitWords(text)
  if (words === null) return { problem: 'a quote that is not closed', remedy: 'Close it.' }
  const found: SshArguments = {}
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!
    const flag = word.slice(0, 2)
    if (['-q', '-C', '-A', '-a', '-x', '-T', '-4', '-6'].includes(word) || /^-v+$/.test(word)) continue
    if (!['-o', '-F', ...Object.keys(flags)].includes(flag)) return unknown(word)
    const value = word.length > 2 ? word.slice(2) : words[++at]
    if (value === undefined)
      return { problem: `${flag} without its value`, remedy: 'Write the value behind it.' }
    if (flag === '-F')
      return {
        problem: 'a configuration file of ssh (-F)',
        remedy:
          'Put its hosts into ~/.ssh/config, or set host, user, port, identity_file, jump and known_hosts.',
      }
    const refused = flag === '-o' ? readOption(value, found) : void (found[flags[flag]!] = value)
    if (refused) return refused
  }
  return found
}

const unknown = (word: string): { problem: string; remedy: string } => ({
  problem: `the ssh argument ${JSON.stringify(word)}`,
  remedy: 'bringup speaks SSH by itself; set jump, proxy_command, known_hosts, identity_file, user or port.',
})

function readOption(text: string, found: SshArguments): { problem: string; remedy: string } | null {
  const [, name = '', value = ''] = /^\s*([A-Za-z]+)\s*(?:=\s*|\s+)(.*)$/s.exec(text) ?? []
  const key = name.toLowerCase()
  if (key === 'stricthostkeychecking' && !/^(yes|ask)$/i.test(value))
    return {
      problem: `StrictHostKeyChecking=${value}`,
      remedy: 'Host keys are always checked: take it out, and learn new keys once with --accept-new.',
    }
  if (key === 'stricthostkeychecking' || tuning.has(key)) return null
  const setting = options.get(key)
  if (setting === undefined) return unknown(`-o ${text}`)
  found[setting] = value
  return null
}

/** Words as a shell would split them: quotes and backslashes, nothing else. Null where a quote is not closed. */
function splitWords(text: string): string[] | null {
  const words: string[] = []
  let word: string | null = null
  let quote: string | null = null
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]!
    if (letter === '\\' && quote !== "'" && at + 1 < text.length) word = (word ?? '') + text[++at]!
    else if (quote !== null && letter === quote) quote = null
    else if (quote === null && (letter === '"' || letter === "'")) {
      quote = letter
      word ??= ''
    } else if (quote === null && /\s/.test(letter)) {
      if (word !== null) words.push(word)
      word = null
    } else word = (word ?? '') + letter
  }
  if (quote !== null) return null
  return word === null ? words : [...words, word]
}
