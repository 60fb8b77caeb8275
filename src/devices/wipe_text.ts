/**
 * Shell functions that write to a device. `be_device PATH NUMBER` makes sure that the path leads to that device still,
 * and ends with 99 where it does not; `wipe PATH` takes away all signatures, and zeros its first and last 4 MiB.
 *
 * wipefs opens the device for itself alone, and so refuses one that is in use; zeros come after it. `nocreat`: where
 * there is no device any more no file appears in its place.
 */
export const WIPE_TEXT = `
number_of() { set -- $(stat -L -c '%t %T' -- "$1"); echo "$((0x$1)):$((0x$2))"; }
be_device() {
  if [ -b "$1" ] && [ "$(number_of "$1")" = "$2" ]; then return; fi
  echo "$1 is not the device $2 any more" >&2
  exit 99
}
zero() { dd if=/dev/zero of="$1" bs=512 seek="$2" count="$3" conv=nocreat,notrunc,fsync 2>/dev/null; }
wipe() {
  wipefs --quiet --all -- "$1"
  sectors=$(cat "/sys/dev/block/$(number_of "$1")/size")
  if [ "$sectors" -le 16384 ]; then zero "$1" 0 "$sectors"
  else zero "$1" 0 8192; zero "$1" $((sectors - 8192)) 8192
  fi
  blockdev --flushbufs "$1"
  blockdev --rereadpt "$1" 2>/dev/null || true
  udevadm settle 2>/dev/null || true
}`

/** The exit status of `be_device` where the device is another one. */
export const OTHER_DEVICE = 99
