import { shownSignatures } from '../drbd/status/device_content.ts'
import type { DeviceLook } from './look.ts'

/** What a device is and all that is on it, one line each, for somebody who has to say whether it may be lost. */
export function describeDevice(look: DeviceLook): string[] {
  const { device, path, size, readOnly, model, identity, content, partitions, attached } = look
  const which = [
    device === path ? path : `${device} → ${path}`,
    shownSize(size),
    ...(model === '' ? [] : [model]),
    identity,
    ...(readOnly ? ['read-only'] : []),
  ]
  return [
    which.join(', '),
    ...content.signatures.map(
      (one) => shownSignatures([one]) + (one.uuid === undefined ? '' : `, UUID ${one.uuid}`),
    ),
    ...partitions.map(
      ({ path: part, signatures }) => `partition ${part}: ${shownSignatures(signatures) || 'no signature'}`,
    ),
    ...usesOf(look),
    ...(attached === undefined ? [] : [`attached by DRBD: ${attached.resource}, volume ${attached.volume}`]),
    ...(look.otherData ? ['data of a kind that is not known'] : []),
    ...(content.unreadable === undefined ? [] : [`cannot be told: ${content.unreadable}`]),
  ]
}

/** Who uses it now, in words; without DRBD. */
export function usesOf({ mounts, swap, holders }: Pick<DeviceLook, 'mounts' | 'swap' | 'holders'>): string[] {
  return [
    ...mounts.map((mount) => `mounted on ${mount}`),
    ...(swap ? ['swap in use'] : []),
    ...holders.map((holder) => `held by ${holder}`),
  ]
}

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']

function shownSize(bytes: number): string {
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10))
  return `${Number((bytes / 1024 ** step).toFixed(1))} ${UNITS[step]}`
}
