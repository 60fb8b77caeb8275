import type { BenchHost, BenchLab } from './bench_lab.ts'
import { onNode } from './bench_lab.ts'

/**
 * Puts hosts back to before the forty steps. Packages go only from machines that are one host: where many hosts are one
 * machine, they would wait for each other's package manager.
 */
export async function reset({ lab }: BenchLab, hosts: readonly BenchHost[]): Promise<void> {
  const nodes = Map.groupBy(hosts, ({ node }) => node)
  await Promise.all(
    [...nodes].map(async ([node, there]) => {
      const packages = there.length === 1 ? 'dpkg --purge tree pv lsof\n' : ''
      await onNode(lab, node, `${packages}${script(there.map(({ name }) => name))}`)
    }),
  )
}

const script = (names: readonly string[]): string => `
systemctl -q disable --now ${names.flatMap((name) => [1, 2, 3, 4].map((n) => `bench-worker@${name}-${n}`)).join(' ')}
rm -rf /srv/bench /srv/bench-legacy
for name in ${names.join(' ')}; do
  if getent passwd "bench-$name" >/dev/null; then userdel "bench-$name"; fi
  if getent group "bench-$name" >/dev/null; then groupdel "bench-$name"; fi
  mkdir -p "/srv/bench-legacy/$name"
  cd "/srv/bench-legacy/$name"
  printf 'name = unset\\nport = 80\\n#tls = off\\n' >settings.conf
  seq -f 'option%g = default' 60 >>settings.conf
  printf 'nofile = 1024\\nmemlock = 65536\\n' >limits.conf
  echo 'from the old version' >to-migrate
done
mkdir -p /srv/bench`
