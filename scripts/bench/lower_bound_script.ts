import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { backendsConf, hostConf, shardsConf, vhostConf, workersConf } from './project/roles/app/templates.ts'

/**
 * The checks of the forty steps on one host as somebody would write them by hand, with as few processes as they need.
 * It prints what differs, a line each, and ends with 1 if anything does.
 */
export async function lowerBoundScript(name: string): Promise<string> {
  const root = `/srv/bench/${name}`
  const user = `bench-${name}`
  const attributes = attributesOf(user)
  const links = linksOf(root)
  const units = [1, 2, 3, 4].map((number) => `bench-worker@${name}-${number}`)
  return `root=${root} legacy=/srv/bench-legacy/${name} bad=0
differs() { echo "differs: $1"; bad=1; }

packages=$(dpkg-query -W -f '\${db:Status-Status} \${Package} ' lsof pv tree 2>/dev/null)
[ "$packages" = 'installed lsof installed pv installed tree ' ] || differs packages

IFS=: read -r group _ gid _ <<END
$(getent group ${user})
END
IFS=: read -r _ _ _ its _ home shell <<END
$(getent passwd ${user})
END
[ "$group" = ${user} ] || differs group
[ "$its $home $shell" = "$gid $root/lib /usr/sbin/nologin" ] || differs user

cd "$root" || exit
[ "$(stat -c '%n %F %a %U %G' ${words(attributes)} 2>&1)" = '${lines(attributes)}' ] ||
  differs 'kinds, modes and owners'
[ "$(readlink ${words(links)})" = '${Object.values(links).join('\n')}' ] || differs symlinks
sha256sum --check --status <<'END' 2>/dev/null || differs contents
${(await digestsOf(name, root)).join('\n')}
END

[ "$(grep -cxF -e 'port = 8443' -e 'tls = on' -e 'name = ${name}' "$legacy/settings.conf")" = 3 ] ||
  differs 'lines of settings.conf'
[ "$(grep -cxF -e 'nofile = 65536' -e 'nproc = 4096' -e 'core = 0' "$legacy/limits.conf")" = 3 ] ||
  differs 'lines of limits.conf'

[ "$(systemctl show -p ActiveState -p UnitFileState ${units.join(' ')})" = '${units
    .map(() => 'ActiveState=active\nUnitFileState=enabled')
    .join('\n\n')}' ] || differs services

[ -e lib/seed.conf ] || differs seed
[ -e www/index.html.gz ] || differs 'compressed index'
[ ! -e "$legacy/to-migrate" ] || differs migration
exit "$bad"
`
}

type Table = Readonly<Record<string, string>>

const words = (table: Table): string => Object.keys(table).join(' ')
const lines = (table: Table): string =>
  Object.entries(table)
    .map(([path, is]) => `${path} ${is}`)
    .join('\n')

const CONFIGURATION = ['app', 'cache', 'limits', 'logging', 'proxy', 'rules']
const TEMPLATES = ['host', 'vhost', 'workers', 'backends', 'shards']

const attributesOf = (user: string): Table => ({
  '.': `directory 755 root ${user}`,
  etc: `directory 750 root ${user}`,
  'etc/conf.d': `directory 750 root ${user}`,
  lib: `directory 700 ${user} ${user}`,
  log: `directory 750 ${user} ${user}`,
  spool: `directory 770 ${user} ${user}`,
  cache: `directory 755 ${user} ${user}`,
  www: 'directory 755 root root',
  ...Object.fromEntries(
    [...CONFIGURATION, ...TEMPLATES].map((name) => [`etc/${name}.conf`, `regular file 640 root ${user}`]),
  ),
  'www/index.html': 'regular file 644 root root',
})

const linksOf = (root: string): Table => ({
  'etc/conf.d/10-app.conf': '../app.conf',
  'etc/conf.d/20-cache.conf': '../cache.conf',
  'etc/conf.d/30-proxy.conf': '../proxy.conf',
  current: `${root}/www`,
})

/** Lines for `sha256sum --check`. */
async function digestsOf(name: string, root: string): Promise<string[]> {
  const source = (file: string): Promise<Buffer> => readFile(join(import.meta.dirname, 'project/files', file))
  const contents: Record<string, string | Buffer> = {
    'etc/host.conf': hostConf({ name, root }),
    'etc/vhost.conf': vhostConf({ name, root }),
    'etc/workers.conf': workersConf({ name, workers: 4 }),
    'etc/backends.conf': backendsConf({ backends: 40 }),
    'etc/shards.conf': shardsConf({ name, shards: 80 }),
    'www/index.html': await source('index.html'),
  }
  for (const file of CONFIGURATION) contents[`etc/${file}.conf`] = await source(`${file}.conf`)
  return Object.entries(contents).map(
    ([path, content]) => `${createHash('sha256').update(content).digest('hex')}  ${path}`,
  )
}
