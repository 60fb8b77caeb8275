import type { Counted } from '../run_record.ts'
import { markup } from './markup.ts'
import type { Markup } from './markup.ts'
import { statusWord } from './words.ts'

const ORDER: readonly Counted[] = ['changed', 'failed', 'skipped', 'ok']

/** Shown by the script only: without it, everything is shown, and nothing can be chosen. */
export function filterPart(
  hosts: readonly string[],
  counted: Readonly<Record<Counted, number>>,
  check: boolean,
): Markup {
  const statuses = ORDER.filter((status) => counted[status] > 0)
  return markup`<form class="filter" hidden>
<label>Host <select name="host"><option value="">all</option>${hosts.map((host, index) => markup`<option value="${index}">${host}</option>`)}</select></label>
<label>Status <select name="status"><option value="">all</option>${statuses.map((status) => markup`<option value="${status}">${statusWord(status, check)} (${counted[status]})</option>`)}</select></label>
<button type="button" name="open">Unfold all</button> <button type="button" name="close">Fold all</button>
<output></output>
</form>
`
}

/** Hides what is not chosen, then what is left empty by that; unfolds all for paper. */
export const SCRIPT = `'use strict'
const form = document.querySelector('.filter')
const all = (selector, within = document) => [...within.querySelectorAll(selector)]
const chosen = () => {
  const host = form.elements.host.value
  const status = form.elements.status.value
  for (const one of all('[data-hosts]'))
    one.hidden =
      (host !== '' && !one.dataset.hosts.split(' ').includes(host)) ||
      (status !== '' && one.dataset.status !== status)
  for (const task of all('.task')) task.hidden = all('.chip', task).every((one) => one.hidden)
  for (const reads of all('.reads')) reads.hidden = all('[data-hosts]', reads).every((one) => one.hidden)
  for (const role of all('.role')) role.hidden = (host + status) !== '' && all('.task', role).every((one) => one.hidden)
  const shown = all('.task').filter((task) => !task.hidden).length
  form.querySelector('output').textContent = host + status === '' ? '' : shown + (shown === 1 ? ' task' : ' tasks')
}
const fold = (open) => { for (const one of all('.task details, .reads')) one.open = open }
form.hidden = false
form.addEventListener('change', chosen)
form.elements.open.addEventListener('click', () => fold(true))
form.elements.close.addEventListener('click', () => fold(false))
addEventListener('beforeprint', () => { for (const one of all('.task > details')) one.open = true })
for (const time of all('time')) time.title = new Date(time.dateTime).toLocaleString() + ' here'
chosen()
`
