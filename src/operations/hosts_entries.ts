import * as z from 'zod'
import { editOperation, editParams } from './edit_operation.ts'
import { addHosts, removeHosts } from './hosts_text.ts'
import { presence } from './params.ts'

const hostName = z
  .string()
  .max(253)
  .regex(/^[A-Za-z0-9_]([\w.-]*\w)?$/, 'must be a host name')

const params = z.strictObject({
  ...editParams,
  path: editParams.path.default('/etc/hosts'),
  entries: z
    .array(
      z.strictObject({
        address: z.union([z.ipv4(), z.ipv6()]).describe('IPv4 or IPv6 address'),
        names: z.array(hostName).min(1).describe('Its canonical name first, then aliases'),
      }),
    )
    .min(1),
  state: presence,
})

/**
 * Names of addresses in /etc/hosts, all in one go. A name that is given here is taken away from other addresses of the
 * same family and from loopback ones (Debian's 127.0.1.1), so that it means one thing; all other lines stay.
 */
export const hosts_entries = editOperation('hosts_entries', {
  params,
  subject: ({ entries }) => entries.map(({ names }) => names[0]).join(', '),
  edit: (text, { state, entries }) => (state === 'absent' ? removeHosts : addHosts)(text, entries),
})
