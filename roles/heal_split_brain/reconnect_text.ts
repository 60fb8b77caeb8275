/** Exit statuses of {@link RECONNECT}. */
export const GAVE_UP = 96
export const WRONG_WAY = 97
export const TOO_LATE = 98

/**
 * `$1` resource, `$2` driver, `$3` minors as a pattern, `$4` seconds, `$5` survivors, `$6` other peers, which have no data.
 *
 * Not `up`: that would connect, and be refused as split, before anything is discarded. As soon as one volume would be a
 * source, the connection is cut; what a source and a target are called is in drbdsetup(8), and in /proc/drbd of 8.4.
 *
 * Where it does not succeed, the resource is down again: 9 keeps in mind that data are to be discarded until the peer has answered
 * or the connection is removed (drbd_nl.c, CONN_DISCARD_MY_DATA), also for whoever connects it later, and means something else.
 */
export const RECONNECT = `set -u
name=$1 driver=$2 minors=$3 seconds=$4 survivors=$5 others=$6
end() {
  drbdadm disconnect "$name" </dev/null
  drbdadm down "$name" </dev/null
  exit "$1"
}
step() { drbdadm "$@" </dev/null || end $?; }
step new-resource "$name"
step new-minor "$name"
if [ "$driver" = 9 ]; then
  step new-peer "$name"
  step new-path "$name"
fi
step attach "$name"
if [ "$driver" = 9 ]; then
  for peer in $survivors; do step connect --discard-my-data "$name:$peer"; done
  for peer in $others; do step connect "$name:$peer"; done
else
  step connect --discard-my-data "$name"
fi
# One line for each volume and survivor: CONNECTION REPLICATION, in the words of 9.
look() {
  if [ "$driver" = 9 ]; then
    drbdsetup status "$name" --json | awk -F '"' -v survivors=" $survivors " '
      $2 == "name" { peer = $4 }
      $2 == "connection-state" { state = $4 }
      $2 == "replication-state" && index(survivors, " " peer " ") { print state, $4 }'
  else
    sed -n -E "s/^ *($minors): cs:([A-Za-z]+).*/\\2/p" /proc/drbd | awk '
      /^(StandAlone|Disconnecting|Unconnected|Timeout|BrokenPipe|NetworkFailure|ProtocolError|TearDown|WFConnection|WFReportParams)$/ { print $1, "Off"; next }
      { print "Connected", $1 == "Connected" ? "Established" : $1 }'
  fi
}
deadline=$(($(date +%s) + seconds))
while :; do
  seen=$(look)
  if echo "$seen" | grep -q -E 'SyncSource|PausedSyncS|WFBitMapS|StartingSyncS|Ahead'; then
    echo "$seen"
    end ${WRONG_WAY}
  fi
  if echo "$seen" | grep -q '^StandAlone'; then echo "$seen"; end ${GAVE_UP}; fi
  if [ -n "$seen" ] && ! echo "$seen" | grep -q -v -E '^Connected (SyncTarget|PausedSyncT|Established|Behind)$'; then exit 0; fi
  if [ "$(date +%s)" -ge "$deadline" ]; then echo "$seen"; end ${TOO_LATE}; fi
  sleep 0.2
done`
