import { BringupError } from 'bringup'
import type { Node, ReadContext } from 'bringup'
import { output } from '../../src/operations/host_script.ts'
import { ETC_VZ, OLD_ETC, SHARED_ETC } from '../../src/evacuation/vz_disk.ts'

export interface SeenEtc {
  readonly kind: 'directory' | 'symlink' | 'absent' | 'other'
  /** Whether it was put aside before. */
  readonly aside: boolean
}

const SCRIPT = `
if [ -L ${ETC_VZ} ]; then [ "$(readlink ${ETC_VZ})" = ${SHARED_ETC} ] && echo symlink || echo other
elif [ -d ${ETC_VZ} ]; then echo directory
elif [ -e ${ETC_VZ} ]; then echo other
else echo absent
fi
[ ! -e ${OLD_ETC} ] || echo aside`

/** @throws BringupError REFUSED where it is neither as OpenVZ installs it, nor as it is to be */
export async function lookAtEtc(context: ReadContext): Promise<SeenEtc> {
  const [kind, aside] = (await output(context, `look at ${ETC_VZ}`, SCRIPT, [])).toString().split('\n')
  const seen = { kind: kind as SeenEtc['kind'], aside: aside === 'aside' }
  const refused = (what: string, remedy: string): BringupError =>
    new BringupError('REFUSED', what, { expected: `a folder, or a symlink to ${SHARED_ETC}`, remedy })
  if (seen.kind === 'other')
    throw refused(
      `${ETC_VZ} is something else than the settings of OpenVZ`,
      'Put back the folder, and run again.',
    )
  if (seen.kind === 'directory' && seen.aside)
    throw refused(
      `both ${ETC_VZ} and ${OLD_ETC} are folders`,
      `One of them is old: see which (diff -r), move that away, and run again with the other as ${ETC_VZ}.`,
    )
  return seen
}

/** The folder with the settings that are still to be copied; null where they are in /vz already, or there are none. */
export const etcToCopy = ({ kind, aside }: SeenEtc): string | null =>
  kind === 'directory' ? ETC_VZ : aside ? OLD_ETC : null

const LINK = `set -eu
if [ -d ${ETC_VZ} ] && [ ! -L ${ETC_VZ} ]; then mv -T -- ${ETC_VZ} ${OLD_ETC}; fi
ln -s -- ${SHARED_ETC} ${ETC_VZ}
sync -f /etc 2>/dev/null || sync`

/**
 * /etc/vz leads into /vz, so that the settings move with the containers; the folder that it was is put aside. A run that
 * dies between the two is continued.
 */
export const linkEtc = (node: Node): Promise<unknown> =>
  node.task(`${ETC_VZ} leads to ${SHARED_ETC}`, {
    met: async (context) => {
      const { kind } = await lookAtEtc(context)
      if (kind === 'symlink') return true
      return kind === 'directory' ? `rename it to ${OLD_ETC}, and link it` : 'link it'
    },
    apply: ({ $ }) => $`sh -c ${LINK}`,
  })
