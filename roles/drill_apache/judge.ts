import type { Scene } from './foretell.ts'

/** In what it is not as foretold, each in words; empty where it is. */
export function differences(expected: Scene, seen: Scene): string[] {
  const is = parts(seen)
  return parts(expected).flatMap((part, index) => (part === is[index] ? [] : [`${is[index]}, not ${part}`]))
}

/**
 * Whether the client was answered as it has to be: by nobody where Apache runs on no node, else by that node.
 * @param answer the page; null where there was none
 * @param namesNode whether the page is the name of the node
 */
export function answersAsExpected(
  { apache }: Pick<Scene, 'apache'>,
  answer: string | null,
  namesNode: boolean,
): boolean {
  return apache === null ? answer === null : namesNode ? answer === apache : answer !== null
}

/** `on server1, failures 1/0`; whatever else is unusual behind it. */
export function inWords(scene: Scene): string {
  const [place = '', address, failures = '', bans, preference, cut] = parts(scene)
  return [
    place,
    ...(scene.vip === scene.apache ? [] : [address]),
    failures,
    ...(scene.banned.length === 0 ? [] : [bans]),
    ...(scene.preferred === null ? [] : [preference]),
    ...(scene.cutOff.length === 0 ? [] : [cut]),
  ].join(', ')
}

function parts({ apache, vip, failures, banned, preferred, cutOff }: Scene): string[] {
  const counts = Object.keys(failures)
    .toSorted()
    .map((node) => (failures[node] === Infinity ? 'INFINITY' : failures[node]))
  return [
    apache === null ? 'stopped' : `on ${apache}`,
    `address ${vip === null ? 'nowhere' : `on ${vip}`}`,
    `failures ${counts.join('/')}`,
    `banned from ${banned.toSorted().join(', ') || 'no node'}`,
    `${preferred ?? 'no node'} preferred`,
    `${cutOff.toSorted().join(', ') || 'no node'} cut off`,
  ]
}
