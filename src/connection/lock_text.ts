import { quote } from '../shell/quote.ts'

/**
 * Where the locks are. A tmpfs, so that nothing of it outlives a boot. `lock` is held by the one run that works on the
 * host, in the control shell of its connection; `busy` is shared by its shells for commands, each of which lives until
 * its command has ended, whatever becomes of the controller. The kernel frees both with the shells: there is nothing
 * to clean up, and no lock of a controller that has died.
 */
export const LOCKS = '/run/bringup'

/**
 * Takes the lock, in the control shell itself. Says `held`; or `taken PID` and the text of the lock file, PID being the
 * process whose end would free it; or `busy` and what runs still, see {@link STILL_RUNNING}; or `impossible WHY`.
 * @param text what the lock file is to say
 * @param alone whether commands that an earlier run has left keep it from being taken
 */
export function takeText(text: string, { alone = true, locks = LOCKS } = {}): string {
  return `bringup_locks=${quote(locks)}
bringup_why=$(
  if [ "$(id -u)" != 0 ]; then echo 'the login there is not root'
  elif ! command -v flock >/dev/null; then echo 'flock (of util-linux) is missing there'
  elif ! (umask 022; mkdir -p "$bringup_locks" && : >>"$bringup_locks/lock" && : >>"$bringup_locks/busy") 2>/dev/null
  then echo "$bringup_locks can not be written there"
  fi
)
${TRY}
if [ -n "$bringup_why" ]; then echo "impossible $bringup_why"
else
  exec 9<>"$bringup_locks/lock"
  if ! bringup_try; then
    exec 9>&-
    bringup_taken
  # The shells of a run that has just ended end in any order.
  elif ${alone ? '' : ': || '}flock -w 1 "$bringup_locks/busy" true; then
    printf '%sshell: %s\\n' ${quote(text)} $$ >"$bringup_locks/lock"
    echo held
  else
    exec 9>&-
    echo busy
    ${STILL_RUNNING}
  fi
fi
`
}

// The text may be of the one before, whose shell is just ending, or not be written yet. The one to end is the nearest
// sshd above the shell, which has all shells of that connection. Nothing is started but flock: where many names are
// one machine, all but one of them come here.
const TRY = `
bringup_read() {
  text= shell=none
  while IFS= read -r line; do
    case $line in 'shell: '*[!0-9]*) ;; 'shell: '*) shell=\${line#shell: } ;; esac
    text="$text$line
"
  done <"$bringup_locks/lock"
}
bringup_try() (
  for n in 1 2 3 4 5 6; do
    flock -n 9 && exit 0
    bringup_read
    [ -d "/proc/$shell" ] && exit 1
    sleep 0.1 2>/dev/null || sleep 1
  done
  exit 1
)
bringup_taken() (
  bringup_read
  end=$shell
  p=$shell
  set -f
  while [ "$p" != none ] && [ "$p" -gt 1 ]; do
    IFS= read -r line 2>/dev/null <"/proc/$p/stat" || break
    name=\${line%)*}
    case \${name#*(} in sshd*) end=$p; break ;; esac
    set -- \${line##*) }
    p=$2
  done
  [ "$end" = none ] && end=
  printf 'taken %s\\n%s' "$end" "$text"
)`

/**
 * Says which shells hold `busy` and what runs under them: lines of `shell PID COMMAND` and `child PID COMMAND`. Needs
 * nothing but the shell and /proc, see proc(5).
 */
const STILL_RUNNING = `(
  shells=' '
  for f in /proc/[0-9]*/fd/9; do
    [ "$f" -ef "$bringup_locks/busy" ] || continue
    f=\${f#/proc/}
    shells="$shells\${f%%/*} "
  done
  members=$shells
  stats=$(cat /proc/[0-9]*/stat 2>/dev/null)
  set -f
  newline='
'
  again=1
  while [ -n "$again" ]; do
    again= IFS=$newline
    for line in $stats; do
      IFS=' '
      p=\${line%% *}
      case $members in *" $p "*) continue ;; esac
      set -- \${line##*\\) }
      case $members in *" $2 "*) members="$members$p " again=1 ;; esac
    done
  done
  IFS=' '
  for p in $members; do
    case $shells in *" $p "*) kind=shell ;; *) kind=child ;; esac
    [ -r "/proc/$p/cmdline" ] || continue
    printf '%s %s %s\\n' $kind "$p" "$(head -c 200 "/proc/$p/cmdline" | tr '\\0\\n' '  ')"
  done
)`

/** Gives the lock back, in the control shell itself. */
export const RELEASE = 'exec 9>&-'

/** Has a shell for commands share `busy` for as long as it lives, in the shell itself. */
export function shareText(locks = LOCKS): string {
  const busy = quote(`${locks}/busy`)
  // Whoever looks whether it is busy has it for a moment.
  return `[ -r ${busy} ] && exec 9<${busy} && for bringup_n in 1 2 3 4 5; do flock -n -s 9 && break; sleep 1; done`
}

/** Ends the shell of this number if it is the one that holds the lock. */
export function endShellText(shell: string, locks = LOCKS): string {
  return `[ /proc/${quote(shell)}/fd/9 -ef ${quote(`${locks}/lock`)} ] && kill -KILL ${quote(shell)}`
}
