/**
 * A script that comes to its end whether or not anybody still takes what it prints. Without this, the first word that
 * a command prints after its connection was lost ends it (SIGPIPE, or an error that it takes for its own): dpkg between
 * two packages, pcs when only one of the nodes has the cluster's file.
 *
 * Both outputs go through tee(1), which POSIX has go on with its other outputs when one fails: what nobody takes any
 * more goes to /dev/null. Order within each output, bytes and exit status are the script's own. It also waits for what
 * the script leaves running with its outputs open.
 */
export function unbroken(script: string): string {
  return `bringup_relay() { trap '' PIPE; exec tee /dev/null; }
exec 4>&1 5>&2
bringup_code=$(
  {
    { { (
${script}
    ) 3>&- 4>&- 5>&-; echo $? >&3; } | (bringup_relay) >&4 3>&- 4>&- 5>&-; } 2>&1 | (bringup_relay) >&5 3>&- 4>&- 5>&-
  } 3>&1
)
exit "$bringup_code"`
}
