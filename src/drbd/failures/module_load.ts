import type { KnownFailure } from './failure.ts'

/** Of modprobe and the kernel's log. */
export const moduleLoadFailures: readonly KnownFailure[] = [
  {
    says: /Key was rejected by service|Required key not available|Loading of unsigned module is rejected|unsigned module loading is restricted/,
    meaning:
      'this kernel loads signed modules only (Secure Boot), and the module is not signed with a key it knows',
    remedy:
      "Sign every .ko with a key of your own, enrol the key with mokutil --import, reboot and confirm it on the machine's console; or turn Secure Boot off.",
  },
  {
    says: /Unknown symbol tls_|drbd_transport_\w+: Unknown symbol/,
    meaning: 'a transport of DRBD lacks another module: handshake.ko, or a drbd.ko of the same build',
    remedy: 'Install all .ko of the build, then run depmod for this kernel.',
  },
  {
    says: /Failed to create transport|drbd_transport_\S+ module missing/,
    meaning: "the module of DRBD's transport is not installed, not signed, or does not load",
    remedy: 'Install all .ko of the build, run depmod for this kernel, then modprobe drbd_transport_tcp.',
  },
  {
    says: /version magic '.*' should be '|disagrees about version of symbol|Invalid module format|Exec format error/,
    meaning: 'the module was built for another kernel than the one that runs',
    remedy: 'Build it again, from a clean tree, with the headers of the running kernel.',
  },
  {
    says: /Module drbd\S* not found|module drbd\S* not found/,
    meaning: 'the module is not installed for the running kernel, or depmod was not run after it was',
    remedy: 'Look for drbd.ko below /lib/modules/$(uname -r), and run depmod.',
  },
  {
    says: /Module drbd\S* is in use/,
    meaning: 'DRBD is in use and can not be unloaded',
    remedy:
      'Unmount what lies on it, deactivate volume groups on it, take its resources down; then try again.',
  },
  {
    says: /(modprobe|insmod): .*drbd.*(Permission denied|Operation not permitted)/,
    meaning:
      'the kernel may not load it: locked down, in a container, or SELinux does not like the label of the file',
    remedy: 'Look into the kernel log; restore the labels with restorecon -R /lib/modules/$(uname -r).',
  },
]
