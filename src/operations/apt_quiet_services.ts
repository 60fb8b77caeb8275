import { quote } from '../shell/quote.ts'

/**
 * Runs a command (apt-get, dpkg) in the place of this shell, with a policy-rc.d(8) that lets packages start no service.
 * The policy holds for this one process only: when it has ended, even by a power cut, the policy lets all through, or
 * asks the one that was there before.
 */
const POLICY = `
policy=/usr/sbin/policy-rc.d
mark='# Written by bringup'
if grep -q "^$mark" "$policy" 2>/dev/null; then rm -f "$policy"
elif [ -e "$policy" ]; then mv -f "$policy" "$policy.before-bringup"
fi
set_start_time() { shift 21; started=$1; }
set_start_time $(cat "/proc/$$/stat")
cat >"$policy.bringup" <<POLICY || exit
#!/bin/sh
$mark for the time of one installation, by process $$: none of its packages starts a service.
start_time() { shift 21; echo "\\$1"; }
if [ -r /proc/$$/stat ] && [ "\\$(start_time \\$(cat /proc/$$/stat))" = $started ]; then exit 101; fi
if [ -x $policy.before-bringup ]; then exec $policy.before-bringup "\\$@"; fi
exit 0
POLICY
chmod 0755 "$policy.bringup" && mv -f "$policy.bringup" "$policy" || exit
exec "$@"`

/** Puts back what was there before. */
export const QUIET_END = `
policy=/usr/sbin/policy-rc.d
if grep -q '^# Written by bringup' "$policy" 2>/dev/null; then rm -f "$policy"; fi
if [ -e "$policy.before-bringup" ]; then mv -f "$policy.before-bringup" "$policy"; fi`

/**
 * Runs a command that installs packages with {@link POLICY}, which it takes away again, also where no controller is
 * left to do so. Parameters: the command and its arguments.
 */
export const QUIET_INSTALL = `
trap 'exit 143' HUP INT TERM
end() {
${QUIET_END}
}
trap end EXIT
sh -c ${quote(POLICY)} bringup "$@"`
