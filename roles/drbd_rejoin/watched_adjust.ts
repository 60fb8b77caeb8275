/** Exit status: data would have gone the wrong way, and the connection was cut. */
export const WRONG_WAY = 97

/**
 * `drbdadm adjust $1`, with an ear on what the kernel says of each peer from before the first command: as soon as data
 * would go from this node (`SyncSource`, and what comes before it) it disconnects. It listens until it has heard of $3
 * peers and volumes which way they go, or that they are the same, or that one is given up, and a moment more; at most $2
 * seconds. Whether all did connect is for others to ask. It goes on when nobody is there any more to be told.
 */
export const WATCHED_ADJUST = `name=$1 limit=$2 left=$3 heard=' ' adjust=
folder=$(mktemp -d) || exit 1
mkfifo "$folder/events" || exit 1
timeout "$limit" drbdsetup events2 >"$folder/events" 2>/dev/null </dev/null &
ear=$!
exec 3<"$folder/events"
rm -rf "$folder"
soon() { { sleep 3; kill "$ear"; } >/dev/null 2>&1 3<&- & }
while IFS= read -r line <&3; do
  if [ "$line" = 'exists -' ] && [ -z "$adjust" ]; then
    { drbdadm adjust "$name" </dev/null; code=$?
      if [ "$code" -ne 0 ]; then kill "$ear"; fi
      exit "$code"; } 3<&- >&2 &
    adjust=$!
  fi
  case "$line " in
    *" peer-device name:$name "*) ;;
    "change connection name:$name "*connection:StandAlone*) soon; continue ;;
    *) continue ;;
  esac
  case $line in
    exists*replication:SyncSource*) continue ;;
    *replication:SyncSource*|*replication:PausedSyncS*|*replication:WFBitMapS*|*replication:StartingSyncS*|*replication:Ahead*)
      drbdadm disconnect "$name" </dev/null >&2
      printf '%s\\n' "$line"
      kill "$ear"
      wait "$adjust"
      exit ${WRONG_WAY} ;;
    *replication:SyncTarget*|*replication:PausedSyncT*|*replication:Established*) ;;
    *) continue ;;
  esac
  key=
  for word in $line; do
    case $word in conn-name:*|peer-node-id:*|volume:*) key="$key$word," ;; esac
  done
  case $heard in *" $key "*) continue ;; esac
  heard="$heard$key "
  left=$((left - 1))
  if [ "$left" -eq 0 ]; then soon; fi
done
if [ -z "$adjust" ]; then echo 'drbdsetup events2 does not tell what the kernel does' >&2; exit 96; fi
wait "$adjust"`
