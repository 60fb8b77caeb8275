import type { Tag } from '../shell/shell.ts'

// Debian leaves a file; the Red Hat family has needs-restarting in an extra package. The kernel that will boot is grubby's
// default, or else the newest in /boot; a container has none.
const SCRIPT = `
export LC_ALL=C
cat /proc/sys/kernel/random/boot_id
if [ -e /run/reboot-required ]; then
  printf 'asked for by %s\\n' "$(sort -u /run/reboot-required.pkgs 2>/dev/null | tr '\\n' ' ' | grep . || echo the system)"
elif command -v needs-restarting >/dev/null 2>&1; then
  if ! needs-restarting -r >/dev/null 2>&1; then echo 'asked for by needs-restarting'; fi
fi
running=$(uname -r)
if command -v grubby >/dev/null 2>&1; then next=$(grubby --default-kernel 2>/dev/null)
else next=$(ls /boot/vmlinuz-* 2>/dev/null | grep -v rescue | sort -V | tail -n 1)
fi
next=\${next##*/vmlinuz-}
if [ -n "$next" ] && [ "$next" != "$running" ]; then echo "kernel $next is installed, $running runs"; fi
exit 0`

/** Which boot a host runs, and why it should boot again; no reasons when it need not. */
export async function lookForReboot(read: Tag): Promise<{ bootId: string; reasons: string[] }> {
  const [bootId = '', ...reasons] = (await read`sh -c ${SCRIPT}`).stdout.trim().split('\n')
  return { bootId, reasons }
}
