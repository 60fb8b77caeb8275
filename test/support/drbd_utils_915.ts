import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Of 9.15.0's Makefile.in; only what asks git is left out. */
const TARGETS = `
FDIST_VERSION := $(shell test -e .filelist && sed -ne 's,^drbd-utils-\\([^/]*\\)/.*,\\1,p;q' < .filelist)

.PHONY: tgz
tgz: doc
	test -e .filelist
	rm -f drbd-utils-$(FDIST_VERSION)
	$(LN_S) . drbd-utils-$(FDIST_VERSION)
	for f in $$(<.filelist) ; do [ -e $$f ] && continue ; echo missing: $$f ; exit 1; done
	tar --owner=0 --group=0 -czf - -T .filelist > drbd-utils-$(FDIST_VERSION).tar.gz
	rm drbd-utils-$(FDIST_VERSION)

ifdef RPMBUILD
drbd.spec: drbd.spec.in configure
	./configure --enable-spec

.PHONY: rpmprep
rpmprep: tgz drbd.spec
	cp drbd-utils-$(FDIST_VERSION).tar.gz \`rpm -E "%_sourcedir"\`

.PHONY: rpm
rpm: rpmprep
	$(RPMBUILD) -bb \\
	    --with prebuiltman $(RPMOPT) \\
	    drbd.spec
	@echo "You have now:" ; find \`rpm -E "%_rpmdir"\` -name *.rpm
endif
`

const edits: Readonly<Record<string, (text: string) => string>> = {
  'Makefile.in': (text) => text + TARGETS,
  '.filelist': (text) => text.replaceAll('drbd-utils-9.22.0/', 'drbd-utils-9.15.0/'),
  'configure.ac': (text) => text.replaceAll('9.22.0', '9.15.0'),
  configure: (text) => text.replaceAll('9.22.0', '9.15.0'),
  'drbd.spec.in': (text) =>
    text
      // The autodetection goes; and drbdmon, which takes most of the time to compile.
      .replace(/%if %\(test \/sbin -ef [\s\S]*?%endif\n/, '%global _without_drbdmon --without-drbdmon\n')
      .replaceAll('"%{initscripttype}" == "sysv"', '%{initscripttype} == "sysv"')
      .replaceAll('"%{initscripttype}" == "systemd"', '%{initscripttype} == "systemd"'),
}

/** Makes the tree of 9.22.0 in a folder one that is packaged as 9.15.0 was. */
export async function edited915(tree: string): Promise<void> {
  for (const [file, edit] of Object.entries(edits)) {
    const before = await readFile(join(tree, file), 'utf8')
    const after = edit(before)
    if (after === before) throw new Error(`${file} is not as it was in 9.22.0`)
    await writeFile(join(tree, file), after)
  }
}
