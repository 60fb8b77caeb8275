/**
 * How a changed CIB reaches the cluster. `crm_diff` (with versions, unlike pcs) makes a patch that names the version it
 * starts from; the cluster takes it only when its admin_epoch, epoch and num_updates are exactly those, and only when it
 * leads to a higher version, for which the epoch is raised by one (the cluster raises it once more by itself).
 *
 * What was seen when the live CIB was another one, on real clusters of pacemaker 2.0.5, 2.1.5 and 3.0.0:
 *
 * | live CIB                                     | 2.0.5                      | 2.1.5, 3.0.0                |
 * | -------------------------------------------- | -------------------------- | --------------------------- |
 * | newer, be it by num_updates alone            | 103, "Update was older …"  | 103, "Update was older …"   |
 * | the same, the patch raises nothing           | 103, "Update was older …"  | 103, "Update was older …"   |
 * | older (a DC that lost updates took over)     | **0** and nothing is done, | 1, "… update diff failed"   |
 * |                                              | but 1 when asked on the DC |                             |
 * | fits, but the patch does not apply           | 1, "… update diff failed"  | 1, "… update diff failed"   |
 * | fits, but the result breaks the schema       | 78, "… schema"             | 78, "… schema"              |
 *
 * So an exit status of 0 is no proof: the CIB has to be read again. And num_updates goes up whenever any resource's
 * state changes, so that a second try is nothing unusual.
 */
export type PatchOutcome =
  /** cibadmin took it; read again to be sure. */
  | { kind: 'sent' }
  /** The live CIB is no longer the one that was read: read again, and make the patch anew. */
  | { kind: 'moved on' }
  /** The cluster did not answer in time, or changed its DC: nobody knows; read again. */
  | { kind: 'unknown'; text: string }
  /** crm_verify finds something wrong that was not wrong before, or the schema does not allow it. */
  | { kind: 'invalid'; text: string }
  | { kind: 'failed'; text: string }

const VERIFY_FAILED = 90
const DIFF_FAILED = 91

/** No lines of XML begin like these: `<` within it is always escaped. */
const SEPARATOR = '<<<'
const END = '<<<end'

/** What {@link PATCH_SCRIPT} reads: the live CIB and the new one. Its end is marked, since a connection may break. */
export const patchInput = (live: string, next: string): string => `${live}\n${SEPARATOR}\n${next}\n${END}\n`

/**
 * A POSIX script that checks the new CIB and applies it as a patch. Both CIBs may hold passwords of fencing devices: they
 * come on standard input, and the files that the tools want are gone with the script, whatever ends it. What crm_verify finds wrong with the live CIB as well does not stop it, or a cluster whose fencing is
 * still to be set up could not be given its fencing devices one after the other.
 */
export const PATCH_SCRIPT = `
umask 077
directory=$(mktemp -d) || exit 98
trap 'rm -rf "$directory"' EXIT
trap 'exit 143' HUP INT TERM
cd "$directory" && mkdir live new && cat >both.xml || exit 98
[ "$(tail -n 1 both.xml)" = '${END}' ] || { echo 'not all of the CIB has arrived' >&2; exit 98; }
sed '/^${SEPARATOR}$/,$d' both.xml >live/cib.xml && sed -e '1,/^${SEPARATOR}$/d' -e '$d' both.xml >new/cib.xml || exit 98
if ! (cd new && crm_verify -V --xml-file cib.xml) > new.txt 2>&1; then
  (cd live && crm_verify -V --xml-file cib.xml) > live.txt 2>&1
  grep -vxF -f live.txt new.txt > added.txt && { cat added.txt >&2; exit ${VERIFY_FAILED}; }
fi
crm_diff --original live/cib.xml --new new/cib.xml > patch.xml
[ $? -eq 1 ] || exit ${DIFF_FAILED}
cibadmin --patch --xml-file patch.xml`

/** EX_UNAVAILABLE, EX_TEMPFAIL, CRM_EX_DISCONNECT, CRM_EX_TIMEOUT (crm/common/results.h). */
const UNKNOWN = new Set([69, 75, 102, 124])

/** What the end of {@link PATCH_SCRIPT} means. */
export function patchOutcome(code: number, stderr: string): PatchOutcome {
  const text = stderr.trim()
  if (code === 0) return { kind: 'sent' }
  if (code === VERIFY_FAILED) return { kind: 'invalid', text }
  if (code === 103 || /older than existing|update diff failed|requires? full refresh/i.test(text)) {
    return { kind: 'moved on' }
  }
  // 1.1 ends with the number of an error in its place, and says that in words.
  if (/Timer expired|timed out|is not connected|Communication error/i.test(text))
    return { kind: 'unknown', text }
  if (/does not conform to the configured schema/i.test(text))
    return { kind: 'invalid', text: complaint(text) }
  // 78 is CRM_EX_CONFIG; cibadmin then prints the whole CIB, of which the line that says so is enough.
  if (code === 78) return { kind: 'invalid', text: complaint(text) }
  if (UNKNOWN.has(code)) return { kind: 'unknown', text }
  if (code === DIFF_FAILED)
    return { kind: 'failed', text: `crm_diff found nothing to patch, or failed: ${text}` }
  return { kind: 'failed', text: text === '' ? `exit status ${code}` : complaint(text) }
}

function complaint(text: string): string {
  const lines = text.split('\n').filter((line) => !line.trimStart().startsWith('<'))
  return lines.join('\n').slice(0, 2000)
}
