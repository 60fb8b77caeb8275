import type { Facts } from '../../src/facts/facts.ts'

/** Where a distribution keeps Apache's things, and how it calls them. */
export interface ApachePlaces {
  /** Of the package, the unit and the program: `apache2`, `httpd`. */
  readonly name: string
  /** The file that the resource agent reads: its parameter `configfile`. */
  readonly configuration: string
  /** The `PidFile` of that file as it is to be written, and where it leads to. */
  readonly pidLine: string
  readonly pidFile: string
  /** The file of the status page, and the links that have Apache read it, each with its target. */
  readonly status: string
  readonly links: Readonly<Record<string, string>>
  /** The command that takes httpd's own options, with its environment set. */
  readonly control: string
}

/** As Debian's package has it, and as Red Hat's has it. */
export function placesOf({ packageManager }: Pick<Facts, 'packageManager'>): ApachePlaces {
  return packageManager === 'apt' ? debian : redHat
}

const debian: ApachePlaces = {
  name: 'apache2',
  configuration: '/etc/apache2/apache2.conf',
  // Set in /etc/apache2/envvars, which the agent reads, too.
  pidLine: 'PidFile ${APACHE_PID_FILE}',
  pidFile: '/var/run/apache2/apache2.pid',
  status: '/etc/apache2/conf-available/server-status.conf',
  links: {
    '/etc/apache2/mods-enabled/status.load': '../mods-available/status.load',
    '/etc/apache2/conf-enabled/server-status.conf': '../conf-available/server-status.conf',
  },
  control: 'apache2ctl',
}

const redHat: ApachePlaces = {
  name: 'httpd',
  configuration: '/etc/httpd/conf/httpd.conf',
  // The agent looks for it in this file alone; of what `IncludeOptional` brings it knows nothing.
  pidLine: 'PidFile /var/run/httpd/httpd.pid',
  pidFile: '/var/run/httpd/httpd.pid',
  status: '/etc/httpd/conf.d/server-status.conf',
  links: {},
  control: 'httpd',
}

/** The folder of the pages, of both. */
export const PAGES = '/var/www/html'

/**
 * The status page, for the node itself alone: the agent takes a node whose page answers for one that has Apache running,
 * so the page must not be seen through the virtual IP. `Require local` would let in whoever has the address.
 */
export const STATUS_PAGE = `# Read by ocf:heartbeat:apache, which asks on this node only.
ExtendedStatus On
<Location "/server-status">
    SetHandler server-status
    Require ip 127.0.0.1 ::1
</Location>
`
