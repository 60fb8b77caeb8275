import type { DrbdResource } from './resource_schema.ts'

/** A file of /etc/drbd.d that is not ours. */
export interface ForeignFile {
  readonly path: string
  readonly content: string
}

/**
 * What files that are not ours have in common with the resources: a disk below. drbdadm finds a minor or an address that
 * is used twice, but not a disk.
 */
export function foreignClashes(resources: readonly DrbdResource[], files: readonly ForeignFile[]): string[] {
  const ours = new Map(
    resources.flatMap(({ name, volumes }) =>
      volumes.flatMap(({ disks }) => Object.values(disks).map((disk) => [disk, name])),
    ),
  )
  return files.flatMap(({ path, content }) =>
    [...new Set(words(content, 'disk'))].flatMap((disk) => {
      const name = ours.get(disk)
      return name === undefined ? [] : [`${path} has the disk ${disk}, which is that of ${name}`]
    }),
  )
}

/**
 * Whether the text sets anything in `common`, which then holds for the resources of all files. What is there and empty,
 * as distributions ship it, does not.
 */
export function setsCommon(globalCommon: string): boolean {
  const common = /\bcommon\s*\{([\s\S]*)\}/.exec(uncommented(globalCommon))?.[1] ?? ''
  return common.includes(';')
}

function words(text: string, keyword: string): string[] {
  return [...uncommented(text).matchAll(/(?<![\w-])([a-z-]+)\s+"?([^\s";{}]+)"?\s*;/g)].flatMap(
    ([, name, value = '']) => (name === keyword ? [value] : []),
  )
}

const uncommented = (text: string): string => text.replace(/#.*$/gm, '')
