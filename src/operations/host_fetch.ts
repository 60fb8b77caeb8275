import { BringupError } from '../errors.ts'
import type { Download } from './fetch_cache.ts'
import { placeOf } from '../facts/package_sources.ts'
import { runScript } from './host_script.ts'
import type { ApplyContext } from './operation.ts'
import { fromPlaces } from './through_egress.ts'

const FETCH = `
umask 077
temporary=$1 digest=$2
shift 2
# One that is ended in the middle leaves nothing: nobody can come back to remove it then.
trap 'rm -f "$temporary"; exit 143' HUP INT TERM
for url in "$@"; do
  rm -f "$temporary"
  echo "$url:" >&2
  if command -v curl >/dev/null; then
    curl -fsSL --connect-timeout 30 --speed-limit 1 --speed-time 60 -o "$temporary" --url "$url" || continue
  elif command -v wget >/dev/null; then
    wget -q -T 60 -O "$temporary" "$url" || { echo 'wget failed' >&2; continue; }
  else
    echo 'neither curl nor wget is installed' >&2
    exit 1
  fi
  seen=$(sha256sum <"$temporary") || exit 1
  [ "$seen" = "$digest  -" ] && exit 0
  echo "what it gave has sha256 \${seen%% *}" >&2
done
rm -f "$temporary"
exit 1`

/**
 * Has the host itself download something, with curl or wget, through the run's way out where it has none.
 * @throws BringupError FETCH_FAILED with what each URL said
 */
export async function fetchOnHost(
  context: ApplyContext,
  { urls, sha256 }: Download,
  temporary: string,
): Promise<void> {
  const places = urls.map(placeOf).filter((place) => place !== null)
  await fromPlaces(context, places, async (env) => {
    const { code, stderr } = await runScript(context, FETCH, [temporary, sha256, ...urls], {
      env: { ...env },
    })
    if (code !== 0) throw fetchFailed(sha256, stderr.toString().trim())
  })
}

function fetchFailed(sha256: string, seen: string): BringupError {
  return new BringupError('FETCH_FAILED', 'the host cannot download what is wanted from any of its URLs', {
    expected: `sha256 ${sha256}`,
    seen,
    remedy: "Correct the URLs or the digest, or let the controller fetch it (via: 'controller').",
  })
}
