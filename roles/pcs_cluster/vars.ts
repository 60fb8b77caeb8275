import { z } from 'bringup'

/** Per host: its address on each corosync link. */
export const clusterAddresses = z
  .array(z.union([z.ipv4(), z.ipv6()]))
  .min(1)
  .max(8)
  .optional()
  .describe(
    'Addresses of this host on the corosync links, link 0 first; the address of the inventory when left out.',
  )
