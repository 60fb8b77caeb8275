import type { ProcessId } from './process_id.ts'

/**
 * Ends one job of a lane with all that it started: its descendants, and what was orphaned since in the lane's session.
 * The lane itself and its parents live on; so does a daemon, which left the session on purpose. Prints `gone` when the job had ended by itself, `killed`, or `left PIDS`.
 *
 * Signals of SSH would be simpler, but sshd refuses them on root logins ("session signalling requires privilege
 * separation"). Needs nothing but the shell and /proc: ps is missing on minimal systems.
 */
export function killText(job: ProcessId, lane: number): string {
  return `job=${job.pid} started=${job.started} lane=${lane}
${LOOK}
alive || { echo gone; exit 0; }
sid=$session
# The lane and what it runs under are spared: they can be as young as the job.
spared=" "; p=$lane
while [ "$p" -gt 1 ] && look "$p"; do spared="$spared$p "; p=$parent; done
members=" $job "
set -f
newline='
'
collect() {
  # All in one go: some shells read files byte by byte.
  stats=$(set +f; cat /proc/[0-9]*/stat 2>/dev/null)
  again=1
  while [ -n "$again" ]; do
    again= IFS=$newline
    for line in $stats; do
      IFS=' '
      p=\${line%% *}
      case $members$spared in *" $p "*) continue ;; esac
      fields \${line##*\\) }
      case $members in
        *" $parent "*) ;;
        *) [ "$session" = "$sid" ] && [ "$began" -ge "$started" ] || continue ;;
      esac
      members="$members$p "; again=1
    done
    IFS=' '
  done
}
left() {
  living=
  for p in $members; do look "$p" && [ "$state" != Z ] && living="$living $p"; done
  [ -n "$living" ]
}
wait_for_end() {
  n=0
  while left && [ $n -lt "$1" ]; do sleep 0.1 2>/dev/null || sleep 1; n=$((n + 1)); done
}
collect
kill -TERM $members 2>/dev/null
wait_for_end 20
collect
kill -KILL $members 2>/dev/null
wait_for_end 30
if left; then echo "left$living"; else echo killed; fi
`
}

/**
 * Keeps a lane from starting any more jobs. Prints `certain` when the job is still running after that, so that those
 * behind it can't have begun.
 */
export function retireText(job: ProcessId, lane: number): string {
  return `job=${job.pid} started=${job.started}
${LOOK}
alive && kill -USR1 ${lane} && alive && echo certain
`
}

/** `look PID` reads /proc/PID/stat, see proc(5): the fields behind the name, which may hold anything. */
const LOOK = `fields() { state=$1 parent=$2 session=$4 began=\${20}; }
look() {
  IFS= read -r line 2>/dev/null <"/proc/$1/stat" || return 1
  fields \${line##*\\) }
}
alive() { look "$job" && [ "$began" = "$started" ] && [ "$state" != Z ]; }`
