import type { Looked } from '../devices/look.ts'
import { resourceStateOf } from '../drbd/status/kernel_state.ts'

interface DrbdDevice {
  readonly resource: string
  readonly minor: number
}

export interface DrbdState {
  readonly number: string
  /** Whether the disk below has DRBD metadata: only then what is on it is what the DRBD device shows. */
  readonly metadata: boolean
  readonly role: string | undefined
  readonly disk: string | undefined
  /** The peer that is primary. */
  readonly primaryPeer: string | undefined
  readonly uses: readonly string[]
}

/** The sections of {@link lookAtDrbd}. drbdsetup would load a module, so it is asked only where one is loaded. */
export const moreAboutDrbd = ({ minor }: DrbdDevice): string => `
section drbd.proc
[ ! -r /proc/drbd ] || cat /proc/drbd
section drbd.uses
for found in /sys/block/drbd${minor}/holders/*; do [ ! -e "$found" ] || printf 'held by %s\\n' "\${found##*/}"; done
awk '$3 == "147:${minor}" { print "mounted on " $5 }' /proc/self/mountinfo
if grep -q '^version: 9' /proc/drbd 2>/dev/null && has drbdsetup; then said drbd.status drbdsetup status --json; fi`

/** How the DRBD device is on this node, out of the sections of {@link moreAboutDrbd}. */
export function lookAtDrbd({ look, more }: Looked, { resource, minor }: DrbdDevice): DrbdState {
  const { exitCode, stdout } = more('drbd.status')
  const answers = { procDrbd: more('drbd.proc').stdout, status: exitCode === 0 ? stdout : undefined }
  const state = resourceStateOf(answers, { name: resource, volumes: [{ volume: 0, minor }] })
  return {
    number: `147:${minor}`,
    metadata: look.content.signatures.some(({ type }) => type === 'drbd'),
    role: state?.role,
    disk: state?.volumes.find((volume) => volume.minor === minor)?.disk,
    primaryPeer: state?.connections.find(({ peerRole }) => peerRole === 'Primary')?.peer,
    uses: more('drbd.uses')
      .stdout.split('\n')
      .filter((line) => line !== ''),
  }
}

/** Why nobody may write to a DRBD device on this node; undefined where it is primary, or can be made so. */
export function notWritable({ role, disk, primaryPeer }: DrbdState): string | undefined {
  if (role === undefined) return 'its resource is not up on this node'
  if (disk === undefined || disk === 'Diskless') return 'it is diskless on this node'
  if (disk !== 'UpToDate') return `its data on this node are ${disk}, not UpToDate`
  if (role !== 'Primary' && primaryPeer !== undefined)
    return `it is Secondary here, and ${primaryPeer} is Primary`
  return undefined
}
