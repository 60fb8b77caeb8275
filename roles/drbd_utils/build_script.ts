import { quote } from '../../src/shell/quote.ts'

/** Copies the sources to where they are built. Parameters: sources, the name of their folder, work, out. */
export const PREPARE = `
rm -rf "$3" "$4.new"
mkdir -p "$3" "$4.new" && cp -a "$1/$2" "$3/$2"`

/** Puts a file that was uploaded in the place of another, with its mode. Parameters: the new one, the old one. */
export const REPLACE = `chmod --reference="$2" "$1" && mv "$1" "$2"`

const lines = (commands: readonly (readonly string[])[]): string =>
  commands.map((command) => command.map(quote).join(' ')).join('\n')

/** Runs text in the work's own surroundings; where that fails, what it said last is printed, and the status is 90. */
const logged = (text: string, environment = ''): string => `
env HOME="$work" ${environment} sh -exc ${quote(text)} >"$log" 2>&1 || { tail -c 200000 "$log"; exit 90; }`

/** Ends a build: its packages, and the sums that tell that all of them are there. */
const KEEP = `
cd "$out.new" && sums=$(sha256sum -- *) && printf '%s\\n' "$sums" >SHA256SUMS && sync || exit
rm -rf "$out" && mv "$out.new" "$out" && rm -rf "$work"`

const BEGIN = `
sources=$1 folder=$2 work=$3 out=$4 log=$4.log
cd "$work/$folder" || exit`

/** Parameters as of {@link PREPARE}. `%_topdir` lies in the home directory, which is the work's own. */
export function rpmScript(build: {
  commands: readonly (readonly string[])[]
  packages: readonly string[]
  /** The tarball's name, where rpmbuild wants one beforehand. */
  tarball: string | null
}): string {
  const topdir = `mkdir -p "$HOME/rpmbuild/BUILD" "$HOME/rpmbuild/BUILDROOT" "$HOME/rpmbuild/RPMS" "$HOME/rpmbuild/SOURCES" "$HOME/rpmbuild/SPECS" "$HOME/rpmbuild/SRPMS"`
  const rolled =
    build.tarball === null ? [] : [`tar -czf "$HOME/rpmbuild/SOURCES/${build.tarball}" -C .. "\${PWD##*/}"`]
  const built = [topdir, ...rolled, lines(build.commands)].join('\n')
  const found = build.packages.map(
    (pattern) => `
found=$(find "$work/rpmbuild/RPMS" -name ${quote(pattern)})
if [ -z "$found" ]; then echo 'error: the build ended well, and gave no '${quote(pattern)} >&2; exit 91; fi
cp "$found" "$out.new/" || exit`,
  )
  return [BEGIN, logged(built), ...found, KEEP].join('\n')
}

/** Parameters as of {@link PREPARE}; `DEBIAN` with its texts lies in the work. */
export function debScript(build: {
  commands: readonly (readonly string[])[]
  install: readonly (readonly string[])[]
  root: string
  file: string
}): string {
  const root = quote(build.root)
  const packed = `
mv "$HOME/DEBIAN" ${root}/DEBIAN
rm -rf ${root}/var/run ${root}/var/lock
# A builder with a group haclient makes them setuid for it; whose ids they would be elsewhere is not known here.
chmod 0755 ${root}/usr/sbin/*
# They lead to where the pages lie now.
find ${root}/usr/share/man -type l -exec sh -c 'ln -sfn "$(basename "$(readlink "$1")")" "$1"' sh '{}' ';'
sed -i -E 's/^([[:space:]]*usage-count)[[:space:]]+(yes|ask)[[:space:]]*;/\\1 no;/' ${root}/etc/drbd.d/global_common.conf
find ${root}/etc -type f | sed 's|^'${root}'||' | sort >${root}/DEBIAN/conffiles
mkdir -p "$HOME/debian" && printf 'Source: drbd-utils\\n\\nPackage: drbd-utils\\nArchitecture: any\\n' >"$HOME/debian/control"
programs=$(find ${root}/usr/sbin ${root}/lib/drbd ${root}/usr/lib/drbd -type f -exec sh -c 'head -c 4 "$1" | grep -q ELF && echo "$1"' sh '{}' ';' 2>/dev/null)
depends=$(cd "$HOME" && dpkg-shlibdeps -O $programs | sed -n 's/^shlibs:Depends=//p')
sed -i "s|@DEPENDS@|$depends|" ${root}/DEBIAN/control
dpkg-deb --root-owner-group --build ${root} "$HOME/${build.file}"`
  return [
    BEGIN,
    logged(lines(build.commands), 'MAKEFLAGS="-j$(nproc)"'),
    logged(`${lines(build.install)}${packed}`).replace('>"$log"', '>>"$log"'),
    `cp "$work/${build.file}" "$out.new/"`,
    KEEP,
  ].join('\n')
}
