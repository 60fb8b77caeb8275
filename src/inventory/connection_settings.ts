import type { Problems } from '../problems.ts'
import { resolveFrom } from '../path.ts'
import { Secret } from '../secret.ts'
import { clearTextNote } from '../secrets/clear_text.ts'
import { describeScalar } from '../yaml/located.ts'
import { allowedPlace } from './allowed_place.ts'
import type { ConnectionSettings } from './inventory.ts'
import type { WrittenSetting } from './layer.ts'
import { defaultSettings } from './setting_names.ts'
import type { Setting } from './setting_names.ts'
import { parseSshArguments } from './ssh_arguments.ts'

export type Settings = ReadonlyMap<Setting, WrittenSetting>

export interface SettingsContext {
  readonly problems: Problems
  /** Takes things worth saying that are not wrong; the same one may come many times. */
  readonly note: (text: string) => void
}

/** The way to one host, out of what its groups and itself say; what makes no sense is added to the problems. */
export function connectionSettings(
  host: string,
  settings: Settings,
  context: SettingsContext,
): ConnectionSettings {
  const read = readers(settings, context)
  const local = read.oneOf('connection', connections) === 'local'
  const extra = read.sshArguments()
  const port = read.port('port') ?? (extra.port === undefined ? null : Number(extra.port))
  const near = settings.get('ssh_arguments')?.directory ?? '/'
  const fileFromArguments = (path: string | undefined): string | null =>
    path === undefined ? null : resolveFrom(near, path)
  const jump = read.jump() ?? extra.jump ?? null
  const proxyCommand = read.text('proxy_command') ?? extra.proxyCommand ?? null
  if (jump !== null && proxyCommand !== null)
    read.wrong('proxy_command', 'the way goes through "jump" already')
  return {
    ...defaultSettings,
    kind: local ? 'local' : 'ssh',
    address: read.text('host') ?? (local ? 'localhost' : host),
    port,
    user: read.text('user') ?? extra.user ?? null,
    identityFile: read.path('identity_file') ?? fileFromArguments(extra.identityFile),
    password: read.secret('password'),
    jump,
    proxyCommand,
    knownHosts: read.path('known_hosts') ?? fileFromArguments(extra.knownHosts),
    become: read.boolean('become') ?? false,
    becomePassword: read.secret('become_password'),
    egress: read.oneOf('egress', egresses) ?? 'none',
    egressAllow: read.places('egress_allow'),
  }
}

/** Whether a host is meant to have the address that another one has too. */
export function sharesAddress(settings: Settings, context: SettingsContext): boolean {
  return readers(settings, context).boolean('shares_address') ?? false
}

const connections: Readonly<Record<string, 'ssh' | 'local'>> = {
  ssh: 'ssh',
  local: 'local',
  smart: 'ssh',
  paramiko: 'ssh',
}
const egresses: Readonly<Record<string, 'none' | 'controller'>> = { none: 'none', controller: 'controller' }
/** Ansible's YAML 1.1 words, beside YAML 1.2's. */
const booleans = new Map<unknown, boolean>([
  [true, true],
  [false, false],
  ...['true', 'yes', 'on'].map((word) => [word, true] as const),
  ...['false', 'no', 'off'].map((word) => [word, false] as const),
])

function readers(settings: Settings, context: SettingsContext) {
  const wrong = (setting: Setting, message: string, remedy?: string): null => {
    const { name, at } = settings.get(setting) ?? { name: setting, at: undefined }
    context.problems.add('INVENTORY_INVALID', `${name}: ${message}`, {
      ...(at === undefined ? {} : { at }),
      remedy: remedy ?? `Correct ${name}, or take it out.`,
    })
    return null
  }
  const text = (setting: Setting): string | null => {
    const written = settings.get(setting)
    if (written === undefined || written.value === null) return null
    const { value, template } = written
    if (template !== undefined)
      return wrong(
        setting,
        '{{ }} is not evaluated',
        'Write the value itself; bringup has no templates in YAML.',
      )
    if (value instanceof Secret) return wrong(setting, 'a secret can not be used here', 'Write it in clear.')
    if (typeof value === 'number') return String(value)
    if (typeof value === 'string' && value !== '' && !/[\0\r\n]/.test(value)) return value
    const seen = typeof value === 'object' ? 'a map or list' : describeScalar(value as string | boolean)
    return wrong(setting, `expected text on one line, not ${seen}`)
  }
  const path = (setting: Setting): string | null => {
    const written = text(setting)
    return written === null ? null : resolveFrom(settings.get(setting)!.directory, written)
  }
  const port = (setting: Setting): number | null => {
    const written = text(setting)
    if (written === null) return null
    if (/^\d{1,5}$/.test(written) && Number(written) >= 1 && Number(written) <= 65_535) return Number(written)
    return wrong(setting, `expected a port from 1 to 65535, not ${JSON.stringify(written)}`)
  }
  const boolean = (setting: Setting): boolean | null => {
    const value = settings.get(setting)?.value ?? null
    if (value === null) return null
    const meant = booleans.get(typeof value === 'string' ? value.toLowerCase() : value)
    return meant ?? wrong(setting, 'expected true or false')
  }
  const oneOf = <T>(setting: Setting, choices: Readonly<Record<string, T>>): T | null => {
    const written = text(setting)
    if (written === null) return null
    if (Object.hasOwn(choices, written)) return choices[written]!
    return wrong(
      setting,
      `expected one of ${Object.keys(choices).join(', ')}, not ${JSON.stringify(written)}`,
    )
  }
  const secret = (setting: Setting): Secret | null => {
    const written = settings.get(setting)
    if (written === undefined || written.value === null) return null
    const { value, at, name, template } = written
    if (template !== undefined)
      return wrong(
        setting,
        '{{ }} is not evaluated',
        'Say where the secret is: !env NAME, !file PATH, !prompt "Text".',
      )
    if (value instanceof Secret) return value
    if (typeof value !== 'string') return wrong(setting, 'expected text, or !env, !file, !prompt or !age')
    context.note(clearTextNote(at, name))
    return new Secret(value, `${at.file}:${at.line}`)
  }
  const jump = (): string | null => {
    const value = settings.get('jump')?.value
    if (!Array.isArray(value)) return text('jump')
    if (value.length > 0 && value.every((hop) => typeof hop === 'string' && hop !== ''))
      return value.join(',')
    return wrong('jump', 'expected hops as text: user@host:port')
  }
  const places = (setting: Setting): readonly string[] => {
    const { value = null } = settings.get(setting) ?? {}
    if (value === null) return []
    const remedy = "Write a list: [mirror.example.org, '*.example.org', mirror.example.org:3142]."
    if (!Array.isArray(value)) {
      wrong(setting, 'expected a list of places', remedy)
      return []
    }
    return value.flatMap((item: unknown) => {
      const place = typeof item === 'string' ? allowedPlace(item) : { problem: 'is not text' }
      if ('problem' in place) wrong(setting, `${itemText(item)} ${place.problem}`, remedy)
      return 'problem' in place ? [] : [place.place]
    })
  }
  const sshArguments = (): Exclude<ReturnType<typeof parseSshArguments>, { problem: string }> => {
    const parsed = parseSshArguments(text('ssh_arguments') ?? '')
    if (!('problem' in parsed)) return parsed
    wrong('ssh_arguments', `${parsed.problem} is not understood here`, parsed.remedy)
    return {}
  }
  return { wrong, text, path, port, boolean, oneOf, secret, jump, places, sshArguments }
}

const itemText = (item: unknown): string =>
  item === null || typeof item === 'object' ? 'an item' : JSON.stringify(item)
