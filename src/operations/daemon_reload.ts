import * as z from 'zod'
import { output } from './host_script.ts'
import { operation } from './operation.ts'
import { reloadSystemd } from './unit_control.ts'

// Only units that systemd has loaded can be out of date.
const SCRIPT = `
systemctl show -p Id -p NeedDaemonReload -- '*' |
  awk -F= '$1 == "Id" { id = $2 } $1 == "NeedDaemonReload" { need = $2 }
    $0 == "" { if (need == "yes") print id; need = id = "" }
    END { if (need == "yes") print id }'`

/** Has systemd read its unit files again, where any that it has loaded was changed. Services and drop-ins do so themselves. */
export const daemon_reload = operation('daemon_reload', {
  params: z.strictObject({}),
  subject: () => 'systemd',
  key: () => 'daemon_reload',

  async read(context): Promise<{ readonly stale: readonly string[] }> {
    const text = (await output(context, 'ask systemd for changed units', SCRIPT, [])).toString()
    return { stale: text.split('\n').filter((unit) => unit !== '') }
  },

  plan: ({ stale }) => (stale.length === 0 ? [] : [{ summary: `read again: ${stale.join(', ')}` }]),
  apply: async (context) => void (await reloadSystemd(context)),
  after: () => ({ stale: [] }),
})
