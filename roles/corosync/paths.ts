export const CONF = '/etc/corosync/corosync.conf'
export const KEY = '/etc/corosync/authkey'
/** Where Pacemaker keeps the cluster's configuration. */
export const CIB = '/var/lib/pacemaker/cib'

/**
 * Keys that are put into the map of a running corosync, which keeps them as long as it runs: the digest of the authkey that
 * it was told to read again, and that it needs a restart for what a reload puts into its map, but not into effect.
 */
export const KEY_STAMP = 'bringup.authkey'
export const RESTART_STAMP = 'bringup.restart'
