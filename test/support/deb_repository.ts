/**
 * Shell that gives a Debian host a package source of its own only, with `tool` 1.0 and a kernel that is none, both installed.
 * From then on `sh /root/publish 1.2` publishes another version of tool, and a kernel with it.
 */
export const DEB_REPOSITORY = `
mkdir -p /var/lib/deb-repository /root/build && cd /root/build
cat >/root/publish <<'SCRIPT'
# Parameters: versions of tool; the kernel comes with the second.
rm -f /var/lib/deb-repository/*
make() {
  mkdir -p "$1/DEBIAN"
  printf 'Package: %s\\nVersion: %s\\nArchitecture: all\\nMaintainer: a test <test@example.org>\\nDescription: for a test\\n%s' "$1" "$2" "$3" >"$1/DEBIAN/control"
  dpkg-deb --build "$1" "/var/lib/deb-repository/$1_$2.deb" >/dev/null
}
make tool "$1" ''
if [ "$1" = 1.0 ]; then make linux-image-test 1.0 ''
else
  make linux-image-9.9-test 9.9 ''
  make linux-image-test "$1" 'Depends: linux-image-9.9-test
'
fi
cd /var/lib/deb-repository
for file in *.deb; do
  dpkg-deb --field "$file"
  printf 'Filename: ./%s\\nSize: %s\\nSHA256: %s\\n\\n' "$file" "$(stat -c %s "$file")" "$(sha256sum <"$file" | cut -d' ' -f1)"
done >Packages
printf 'Date: %s\\nSHA256:\\n %s %s Packages\\n' "$(date -u -R)" "$(sha256sum <Packages | cut -d' ' -f1)" "$(stat -c %s Packages)" >Release
SCRIPT
sh /root/publish 1.0
find /etc/apt -name '*.list' -delete; find /etc/apt -name '*.sources' -delete
echo 'deb [trusted=yes] file:/var/lib/deb-repository ./' >/etc/apt/sources.list
rm -rf /var/lib/apt/lists/*
apt-get -q update && apt-get -q -y install tool linux-image-test`
