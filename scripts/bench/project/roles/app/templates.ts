/** Texts of the forty steps; `ansible/templates` holds the same ones for Jinja. */

export const hostConf = ({ name, root }: { name: string; root: string }): string => `name = ${name}
root = ${root}
user = bench-${name}
`

export const vhostConf = ({ name, root }: { name: string; root: string }): string => `<VirtualHost *:80>
  ServerName ${name}.example.net
  DocumentRoot ${root}/www
  ErrorLog ${root}/log/error.log
  CustomLog ${root}/log/access.log combined
</VirtualHost>
`

export const workersConf = ({ name, workers }: { name: string; workers: number }): string =>
  numbered(workers, (number) => `[worker ${number}]\nunit = bench-worker@${name}-${number}.service\n`)

export const backendsConf = ({ backends }: { backends: number }): string =>
  numbered(backends, (number) => `server backend${number} 192.0.2.${number}:8080 weight ${number} check\n`)

export const shardsConf = ({ name, shards }: { name: string; shards: number }): string =>
  numbered(shards, (number) => `shard ${number} ${name}-${number}.db readonly=no cache=64M\n`)

const numbered = (count: number, line: (number: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index + 1)).join('')
