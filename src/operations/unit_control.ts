import { BringupError } from '../errors.ts'
import type { ApplyContext } from './operation.ts'
import { writeError } from './write_error.ts'

/**
 * Runs `systemctl VERB UNIT`, which waits for the job's end.
 * @throws BringupError SERVICE_FAILED with the unit's last lines in the journal; WRITE_FAILED where /etc is read-only
 */
export async function controlUnit(context: ApplyContext, verb: string, unit: string): Promise<void> {
  const { exitCode, stderr } = await context.$({ nothrow: true })`systemctl ${verb} -- ${unit}`
  if (exitCode === 0) return
  if (/Read-only file system/.test(stderr)) throw writeError(`the setting of ${unit}`, 1, stderr)
  const lines = await journalOf(context, unit)
  throw new BringupError('SERVICE_FAILED', `${unit} did not ${verb}`, {
    seen: [stderr.trim(), ...(lines === '' ? [] : ['The last lines of its journal:', lines])].join('\n'),
    remedy: `Log in and see \`systemctl status ${unit}\`; put in order what it complains about, then run again.`,
  })
}

export async function journalOf(context: ApplyContext, unit: string): Promise<string> {
  // What the unit said last may still be on its way to the journal. Older systemd has no such option.
  const { stdout } = await context.$.read({
    nothrow: true,
  })`journalctl --sync 2>/dev/null; journalctl -u ${unit} -n 15 --no-pager -o cat`
  return stdout.trim()
}

export const reloadSystemd = (context: ApplyContext): Promise<unknown> =>
  context.$`systemctl daemon-reload`.then()
