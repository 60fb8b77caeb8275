import fc from 'fast-check'
import { expect, test } from 'vitest'
import { explainFailure, knownFailures } from '../../../src/drbd/build_failure.ts'

/** What was said, with what else is said around it, and how its meaning begins. */
const said: readonly (readonly [output: string, line: string, meaning: RegExp])[] = [
  [
    "make[1]: Entering directory '/b/drbd'\nSORRY, kernel makefile not found.\nYou need to tell me a correct KDIR,\nmake: *** [Makefile:126: check-kdir] Error 1",
    'SORRY, kernel makefile not found.',
    /^the headers of the running kernel are not installed/,
  ],
  [
    'drbd_buildtag.h not found.\nYour DRBD source tree is broken. Unpack again.\nmake: *** [Makefile:80] Error 1',
    'drbd_buildtag.h not found.',
    /GitHub/,
  ],
  [
    'Need a git checkout to regenerate drbd/.drbd_git_revision\nmake: *** [Makefile:150: drbd/.drbd_git_revision] Error 1',
    'make: *** [Makefile:150: drbd/.drbd_git_revision] Error 1',
    /GitHub/,
  ],
  [
    "make[2]: *** No rule to make target '/b/drbd/drbd-headers/compat.h', needed by 'x'.  Stop.",
    "make[2]: *** No rule to make target '/b/drbd/drbd-headers/compat.h', needed by 'x'.  Stop.",
    /submodule drbd-headers/,
  ],
  [
    "drbd won't compile with this kernel version",
    "drbd won't compile with this kernel version",
    /older than this DRBD/,
  ],
  ['At least kernel 3.10.0 is needed', 'At least kernel 3.10.0 is needed', /older than this DRBD/],
  [
    'error: Cannot generate ORC metadata for CONFIG_UNWINDER_ORC=y, please install libelf-dev, libelf-devel or elfutils-libelf-devel',
    'error: Cannot generate ORC metadata for CONFIG_UNWINDER_ORC=y, please install libelf-dev, libelf-devel or elfutils-libelf-devel',
    /libelf/,
  ],
  [
    'no suitable spatch found; trying spatch-as-a-service;\ncurl: (22) The requested URL returned error: 400',
    'curl: (22) The requested URL returned error: 400',
    /no patch of this DRBD for this kernel/,
  ],
  [
    'no suitable spatch found; trying spatch-as-a-service;\ncurl: (6) Could not resolve host: spaas.drbd.io\nERROR: SPAAS is not reachable! Please check if it is down.',
    'curl: (6) Could not resolve host: spaas.drbd.io',
    /can not be reached/,
  ],
  [
    'ERROR: spatch-as-a-service was disabled by your package',
    'ERROR: spatch-as-a-service was disabled by your package',
    /none may be asked for/,
  ],
  [
    'No (suitable) spatch found in $PATH.',
    'No (suitable) spatch found in $PATH.',
    /spatch that would make one/,
  ],
  [
    // The service did its work; what failed came after it.
    'no suitable spatch found; trying spatch-as-a-service;\n  successful\n/b/drbd/drbd_main.c:88:3: error: implicit declaration of function ‘blk_alloc_disk’ [-Werror]',
    '/b/drbd/drbd_main.c:88:3: error: implicit declaration of function ‘blk_alloc_disk’ [-Werror]',
    /kernel is newer/,
  ],
  [
    '/b/drbd/drbd_req.c:9:1: error: ‘struct bio’ has no member named ‘bi_bdev’',
    '/b/drbd/drbd_req.c:9:1: error: ‘struct bio’ has no member named ‘bi_bdev’',
    /kernel is newer/,
  ],
  [
    "modprobe: ERROR: could not insert 'drbd': Exec format error",
    "modprobe: ERROR: could not insert 'drbd': Exec format error",
    /another kernel/,
  ],
  [
    "drbd: version magic '6.1.0-30-amd64 SMP' should be '6.1.0-31-amd64 SMP'",
    "drbd: version magic '6.1.0-30-amd64 SMP' should be '6.1.0-31-amd64 SMP'",
    /another kernel/,
  ],
  [
    'modprobe: FATAL: Module drbd not found in directory /lib/modules/6.1.0-31-amd64',
    'modprobe: FATAL: Module drbd not found in directory /lib/modules/6.1.0-31-amd64',
    /not installed for the running kernel/,
  ],
  [
    'r0: Failure: (172) Failed to create transport (drbd_transport_xxx module missing?)',
    'r0: Failure: (172) Failed to create transport (drbd_transport_xxx module missing?)',
    /module of DRBD's transport/,
  ],
  [
    'drbd_transport_tcp: Unknown symbol tls_server_hello_psk (err -2)',
    'drbd_transport_tcp: Unknown symbol tls_server_hello_psk (err -2)',
    /handshake\.ko/,
  ],
  [
    "modprobe: ERROR: could not insert 'drbd': Key was rejected by service",
    "modprobe: ERROR: could not insert 'drbd': Key was rejected by service",
    /Secure Boot/,
  ],
  [
    "Lockdown: modprobe: unsigned module loading is restricted; see man kernel_lockdown.7\nmodprobe: ERROR: could not insert 'drbd': Operation not permitted",
    'Lockdown: modprobe: unsigned module loading is restricted; see man kernel_lockdown.7',
    /Secure Boot/,
  ],
  [
    "modprobe: ERROR: could not insert 'drbd': Operation not permitted",
    "modprobe: ERROR: could not insert 'drbd': Operation not permitted",
    /SELinux/,
  ],
  ['rmmod: ERROR: Module drbd is in use', 'rmmod: ERROR: Module drbd is in use', /in use/],
  [
    '\tfile /usr/sbin/drbdadm conflicts between attempted installs of drbd-utils-9.10.0-1.x86_64 and drbd-utils-9.10.0-1.x86_64',
    '\tfile /usr/sbin/drbdadm conflicts between attempted installs of drbd-utils-9.10.0-1.x86_64 and drbd-utils-9.10.0-1.x86_64',
    /links in \/sbin/,
  ],
  [
    'error: bare words are no longer supported, please use "...":  systemd == "sysv"',
    'error: bare words are no longer supported, please use "...":  systemd == "sysv"',
    /without quotes/,
  ],
  [
    'error: Installed (but unpackaged) file(s) found:\n   /usr/lib/drbd/stonith_admin-fence-peer.sh',
    'error: Installed (but unpackaged) file(s) found:',
    /do not go together/,
  ],
  [
    'error: File not found: /b/BUILDROOT/x/usr/lib/systemd/system/drbd.service',
    'error: File not found: /b/BUILDROOT/x/usr/lib/systemd/system/drbd.service',
    /units belong/,
  ],
  [
    "configure: WARNING: No rpmbuild found, building RPM packages is disabled.\nmake: *** No rule to make target 'rpm'.  Stop.",
    "make: *** No rule to make target 'rpm'.  Stop.",
    /no target rpm/,
  ],
  [
    "make: *** No rule to make target `rpm'.  Stop.",
    "make: *** No rule to make target `rpm'.  Stop.",
    /no target rpm/,
  ],
  [
    '/bin/sh: po4a-translate: command not found',
    '/bin/sh: po4a-translate: command not found',
    /manual pages/,
  ],
  ['/bin/sh: 1: asciidoctor: not found', '/bin/sh: 1: asciidoctor: not found', /manual pages/],
  // As make rpm of 9.15.0 said where configure was not told of the ready-made pages.
  [
    'make[1]: xsltproc: No such file or directory\nmake[1]: *** [Makefile_v9_com_post:110: drbdsetup.xml] Error 127',
    'make[1]: xsltproc: No such file or directory',
    /manual pages/,
  ],
  ['configure: error: Need keyutils', 'configure: error: Need keyutils', /keyutils/],
  [
    './configure: line 3120: PKG_PROG_PKG_CONFIG: command not found',
    './configure: line 3120: PKG_PROG_PKG_CONFIG: command not found',
    /pkg-config/,
  ],
  [
    'configure: error: Cannot build utils without flex.',
    'configure: error: Cannot build utils without flex.',
    /flex/,
  ],
  [
    'execvp() failed to exec drbdadm-84: No such file or directory',
    'execvp() failed to exec drbdadm-84: No such file or directory',
    /DRBD 8\.4 is loaded/,
  ],
  ['API mismatch!', 'API mismatch!', /older than the module/],
  [
    "Could not connect to 'drbd' generic netlink family",
    "Could not connect to 'drbd' generic netlink family",
    /module is not loaded/,
  ],
  [
    "'r0' not defined in your config (for this host).",
    "'r0' not defined in your config (for this host).",
    /no resource for this host/,
  ],
  [
    "/etc/drbd.d/r0.res:4: Parse error: 'protocol | on' expected,\n\tbut got 'node-id'",
    "/etc/drbd.d/r0.res:4: Parse error: 'protocol | on' expected,",
    /do not know/,
  ],
  [
    'drbd r0 n2: incompatible DRBD dialects: I support 118-122, peer supports 86-115',
    'drbd r0 n2: incompatible DRBD dialects: I support 118-122, peer supports 86-115',
    /no protocol in common/,
  ],
  [
    'drbd r0: Peer presented a node_id of 1 instead of 0',
    'drbd r0: Peer presented a node_id of 1 instead of 0',
    /node-ids/,
  ],
  [
    'block drbd0: Split-Brain detected but unresolved, dropping connection!',
    'block drbd0: Split-Brain detected but unresolved, dropping connection!',
    /split brain/,
  ],
  ['block drbd0: Unrelated data, aborting!', 'block drbd0: Unrelated data, aborting!', /two origins/],
  [
    "block drbd0: The peer's disk size is too small! (8 < 16 sectors)",
    "block drbd0: The peer's disk size is too small! (8 < 16 sectors)",
    /smaller/,
  ],
  [
    'drbd r0: incompatible after-sb-0pri settings',
    'drbd r0: incompatible after-sb-0pri settings',
    /contradict/,
  ],
  ['drbd r0: Authentication of peer failed', 'drbd r0: Authentication of peer failed', /shared secret/],
  [
    'Found some data\n==> This might destroy existing data! <==\nstdin not a TTY, not waiting for confirmation',
    'stdin not a TTY, not waiting for confirmation',
    /asked whether it may be overwritten/,
  ],
  [
    'version: 8.4.11 (api:1/proto:86-101)',
    'version: 8.4.11 (api:1/proto:86-101)',
    /loaded module is DRBD 8\.4/,
  ],
]

test.each(said)('%j', (output, line, meaning) => {
  const noise = 'checking for gcc... gcc\n'
  const explained = explainFailure(`${noise}${output}\n`)
  expect(explained.meaning).toMatch(meaning)
  expect(explained.lines[0]).toBe(line)
  expect(explained.remedy).toMatch(/\.$/)
})

test('each row is met by a text', () => {
  const met = new Set(said.map(([output]) => explainFailure(output).meaning))
  const left = knownFailures.filter(({ meaning }) => !met.has(meaning)).map(({ meaning }) => meaning)
  expect(left).toEqual(['there is no C compiler', "the kernel's headers for programs are missing"])
})

test.each([
  'module verification failed: signature and/or required key missing - tainting kernel',
  'Need a git checkout to regenerate drbd/.drbd_git_revision',
  'configure: WARNING: Cannot build man pages without xsltproc. You may safely ignore this warning when building from a tarball',
  'debian/changelog needs update [ignored]',
  'warning: Macro expanded in comment on line 80: %{with rgmanager}',
  'version: 9.2.14 (api:2/proto:86-122)',
  "user/v9/drbdadm_main.c:4:1: error: implicit declaration of function 'foo'",
])('harmless, or of something else: %s', (line) => {
  expect(explainFailure(line)).toMatchObject({ meaning: null, remedy: null })
})

test('of unknown output the lines that sound like an error, the last of them', () => {
  const output = [
    'checking for errno.h... not found',
    'cc -c a.c',
    'a.c:1:1: error: expected ‘;’',
    'b.c:1:1: warning: an error is near',
    'make: [Makefile:9: x] Error 1 (ignored)',
    'make: *** [Makefile:10: a.o] Error 1',
    'cleaning up',
  ]
  expect(explainFailure(output.join('\n')).lines).toEqual([output[2], output[5]])
  const many = Array.from({ length: 30 }, (_, at) => `error ${at}`)
  expect(explainFailure(many.join('\n')).lines).toEqual(many.slice(-10))
})

test('where nothing sounds like an error, the last lines; of nothing nothing', () => {
  expect(explainFailure('one\n\ntwo\n').lines).toEqual(['one', 'two'])
  expect(explainFailure('')).toEqual({ meaning: null, remedy: null, lines: [] })
})

test('a hundred complaints of one kind are ten lines', () => {
  const output = Array.from({ length: 100 }, (_, at) => `drbd/drbd_a.c:${at}:1: error: ‘x’ undeclared`)
  expect(explainFailure(output.join('\n')).lines).toEqual(output.slice(0, 10))
})

test('whatever is printed around it, a known text is found', () => {
  const noise = fc.array(fc.constantFrom('cc -c a.c', '', 'make: *** [x] Error 2', 'error: x', 'warning: y'))
  fc.assert(
    fc.property(noise, fc.constantFrom(...said), noise, (before, [output, line, meaning], after) => {
      const explained = explainFailure([...before, output, ...after].join('\n'))
      expect(explained.meaning).toMatch(meaning)
      expect(explained.lines).toContain(line)
    }),
  )
})

test('a line without end is no trap', () => {
  const { lines } = explainFailure(`error ${'drbd.c drbd '.repeat(200_000)}`)
  expect(lines[0]!.length).toBeLessThanOrEqual(1000)
})
