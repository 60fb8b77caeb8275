/** One package that the sources have newer, or that comes along new. */
export interface Update {
  readonly name: string
  /** Null where it is installed beside what is there, as a kernel, or comes new. */
  readonly from: string | null
  readonly to: string
}

export interface Updates {
  /** Null where that is not known, as in a check before the lists of the sources were ever fetched. */
  readonly due: readonly Update[] | null
  /** An earlier transaction was cut off, as by a power cut, and waits to be completed; nobody is at it. */
  readonly cutOff: boolean
  /** True in check mode, where an earlier task would have brought a kernel. */
  readonly kernelPlanned: boolean
}

/** The key by which a reboot, in check mode, sees a kernel that is only planned. */
export const UPDATES_KEY = 'updates'

/** Whether a package is a kernel, which only runs after a reboot. */
export const isKernel = ({ name }: Pick<Update, 'name'>): boolean =>
  /^(linux-image-|(vz)?kernel(-core|-rt|-uek|-lt|-ml|-plus)?$|proxmox-kernel-|pve-kernel-)/.test(name)

export const updateText = ({ name, from, to }: Update): string =>
  from === null ? `${name} ${to}` : `${name} ${from} → ${to}`

/** `tool, other, third and 12 more` */
export function firstNames(names: readonly string[], shown = 5): string {
  const left = names.length - shown
  return left <= 1 ? names.join(', ') : `${names.slice(0, shown).join(', ')} and ${left} more`
}

/** Packages and their versions before and after, as text. */
export const updatesDiff = (
  updates: readonly Update[],
): { path: string; before: string | null; after: string } => {
  const before = updates.filter(({ from }) => from !== null).map(({ name, from }) => `${name} ${from}\n`)
  return {
    path: 'packages',
    before: before.length === 0 ? null : before.join(''),
    after: updates.map(({ name, to }) => `${name} ${to}\n`).join(''),
  }
}
