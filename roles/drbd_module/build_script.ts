/**
 * Builds in a copy of the sources. Parameters: sources, KDIR, kernel, where to put the modules, key and certificate to sign
 * with or empty. What make says is kept beside them, and printed where it fails. SPAAS would send a description of the
 * kernel to LINBIT's service, and wait for it where there is no way out.
 */
export const BUILD_SCRIPT = `
sources=$1 kdir=$2 kernel=$3 out=$4 key=$5 certificate=$6
work=$out.work log=$out.log
failed() { tail -c 200000 "$log"; rm -rf "$work"; exit 90; }
rm -rf "$work" "$out.new"
mkdir "$out.new" && cp -a "$sources" "$work" && cd "$work" || exit
: >"$log"
make -j"$(nproc)" KDIR="$kdir" KVER="$kernel" SPAAS=false module >"$log" 2>&1 || failed
for file in $(find . -name '*.ko' ! -path '*compat_test*'); do
  strip --strip-debug "$file" >>"$log" 2>&1 || failed
  if [ -n "$key" ]; then
    hash=$(sed -n 's/^CONFIG_MODULE_SIG_HASH="\\(.*\\)"/\\1/p' "$kdir/.config")
    "$kdir/scripts/sign-file" "\${hash:-sha256}" "$key" "$certificate" "$file" >>"$log" 2>&1 || failed
  fi
  cp "$file" "$out.new/" || exit
done
cd "$out.new" || exit
for file in *.ko; do
  if [ -e "$file" ]; then
    sum=$(sha256sum <"$file")
    printf 'built\\t%s\\t%s\\t%s\\t%s\\t%s\\n' "$file" "\${sum%% *}" "$(modinfo -F srcversion "./$file")" "$(modinfo -F version "./$file")" "$(modinfo -F vermagic "./$file")"
  fi
done
rm -rf "$work"`

/** What was built, by its manifest. */
export const BUILT_SCRIPT = `cat "$1/manifest.json"`
