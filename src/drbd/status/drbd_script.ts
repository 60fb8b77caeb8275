/**
 * Shell that asks a host about DRBD, for `parseHostDrbd`; it needs `section`, `has`, `bounded` and `first_line`. Nothing
 * is changed by it:
 *
 * - drbdsetup and get-gi load the module where none is loaded, and are not called then;
 * - drbdadm registers at LINBIT where `usage-count` says so, but not under an init (INIT_VERSION);
 * - what authenticates the peers stays on the host.
 */
export const DRBD_SCRIPT = `drbd_proc=
if [ -r /proc/drbd ]; then drbd_proc=$(cat /proc/drbd); fi
section drbd_proc; printf '%s\\n' "$drbd_proc"
section drbd_loaded
for key in version srcversion; do printf '%s %s\\n' $key "$(first_line /sys/module/drbd/$key)"; done
section drbd_installed
if has modinfo; then
  for key in version srcversion; do printf '%s %s\\n' $key "$(modinfo -F $key drbd)"; done
fi
drbd_conf=
if has drbdadm; then
  drbd_conf=$(bounded env INIT_VERSION=status drbdadm dump-xml); drbd_code=$?
  section drbd_conf; printf '%s\\n' "$drbd_conf" | grep -v shared-secret
  section drbd_conf_exit; echo "$drbd_code"
  section drbd_conf_error
  if [ "$drbd_code" -ne 0 ]; then bounded env INIT_VERSION=status drbdadm dump-xml 2>&1 >/dev/null | tail -n 6; fi
fi
if [ -n "$drbd_proc" ] && has drbdsetup; then
  section drbd_state
  case $drbd_proc in
    'version: 8.'*) drbd_cut=$drbd_proc; bounded drbdsetup events2 --now --statistics ;;
    *) drbd_cut=$(bounded drbdsetup status --json); printf '%s\\n' "$drbd_cut" ;;
  esac
  section drbd_generations
  case $drbd_cut in *cs:StandAlone*|*cs:WFConnection*|*'"StandAlone"'*|*'"Connecting"'*)
    printf '%s\\n' "$drbd_conf" |
      sed -n 's/^ *<resource name="\\([^"]*\\)".*/resource \\1/p; s/^ *<volume vnr="\\([0-9]*\\)".*/volume \\1/p' |
      while read -r drbd_kind drbd_name; do
        case $drbd_kind in
          resource) drbd_resource=$drbd_name ;;
          volume) echo "$drbd_resource/$drbd_name" ;;
        esac
      done | sort -u |
      while read -r drbd_volume; do
        echo "volume $drbd_volume"; bounded env INIT_VERSION=status drbdadm get-gi "$drbd_volume"
      done ;;
  esac
fi`
