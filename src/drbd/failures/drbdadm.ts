import { connectionFailures } from './connection.ts'
import type { KnownFailure } from './failure.ts'

/** Of drbdadm, drbdsetup and drbdmeta, and of the module's log where two peers do not get along. */
export const drbdadmFailures: readonly KnownFailure[] = [
  {
    says: /stdin not a TTY, not waiting for confirmation/,
    meaning: 'create-md found something on the device and asked whether it may be overwritten',
    remedy: 'Read the lines above it: is the device the one that was meant? Do not add --force.',
  },
  ...connectionFailures,
  {
    says: /execvp\(\) failed to exec drbd(adm|setup)-84|built without support for drbd kernel code 8\.4/,
    meaning: 'DRBD 8.4 is loaded, and these drbd-utils have no tools for it where they look for them',
    remedy: 'Where DRBD 9 is wanted, load it in the place of 8.4; else build drbd-utils with 84support.',
  },
  {
    says: /API mismatch!|Wrong API version, upgrade your drbd utils/,
    meaning: 'drbd-utils are older than the module that is loaded',
    remedy: 'Install drbd-utils that serve it.',
  },
  {
    says: /Could not connect to 'drbd' generic netlink family/,
    meaning: 'the module is not loaded (or was just unloaded), or this is a container',
    remedy: 'Load it with modprobe drbd, on the machine itself.',
  },
  {
    says: /no resources defined!|not defined in your config/,
    meaning:
      "the configuration has no resource for this host: /etc/drbd.d is empty, or its name is not the one after 'on'",
    remedy: 'Write the host after "on" as uname -n prints it.',
  },
  {
    says: /Parse error: .*(but got|expected)/,
    meaning: 'the configuration has a word that these drbd-utils (or the tools for 8.4) do not know',
    remedy: 'Take it out, or install drbd-utils that know it.',
  },
  {
    says: /^\s*(version|DRBD_KERNEL_VERSION)[:=] ?8\.4\./,
    meaning: "the loaded module is DRBD 8.4, as the kernel's own sources bring it",
    remedy:
      'Where DRBD 9 is wanted: run depmod, look for drbd in the initramfs, take the resources down, rmmod drbd, modprobe drbd.',
  },
]
