import { InvalidArgumentError, Option } from 'commander'

/** Options that several commands have. */
export function inventory(): Option {
  return new Option(
    '-i, --inventory <file>',
    'the hosts: a YAML file or a directory of them; several are merged',
  )
    .argParser(collect)
    .makeOptionMandatory()
}

export const collect = (value: string, previous: string[] = []): string[] => [...previous, value]

export const acceptNew = (): Option =>
  new Option('--accept-new', 'learn the keys of hosts that known_hosts does not have yet').default(false)

export const wait = (): Option =>
  seconds('--wait', 'how long to wait for another run that works on the same hosts').default(300)

/** A number of seconds from 0. */
export const seconds = (flag: string, description: string): Option =>
  new Option(`${flag} <seconds>`, description).argParser((text) => {
    const number = Number(text)
    if (text.trim() !== '' && Number.isFinite(number) && number >= 0) return number
    throw new InvalidArgumentError('It takes a number of seconds from 0.')
  })
