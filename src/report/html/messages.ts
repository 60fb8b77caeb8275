import type { HandlerRecord, Message } from '../run_record.ts'
import { duration } from '../style.ts'
import { markup } from './markup.ts'
import type { Markup } from './markup.ts'

/** Warnings first: they are what somebody should act on. */
export function messagesPart(messages: readonly Message[]): Markup | null {
  if (messages.length === 0) return null
  const ordered = messages.toSorted((a, b) => Number(a.kind === 'note') - Number(b.kind === 'note'))
  const kinds = new Set(messages.map((message) => message.kind))
  const heading = kinds.size === 2 ? 'Warnings and notes' : kinds.has('warning') ? 'Warnings' : 'Notes'
  return markup`<section><h2>${heading}</h2>
<ul class="messages">
${ordered.map(messageItem)}</ul></section>
`
}

function messageItem({ kind, role, host, text }: Message): Markup {
  const [first = '', ...rest] = text.trim().split('\n')
  const where = [host, role].filter((part) => part !== undefined).join(' · ')
  return markup`<li class="${kind}"><span class="mark" title="${kind}">${kind === 'warning' ? '!' : '·'}</span><div><p>${first}${where !== '' && markup` <small>${where}</small>`}</p>${rest.map((line) => markup`<p>${line}</p>`)}</div></li>\n`
}

/** What was put off to the end of a role, and whether it was done. */
export function handlersPart(handlers: readonly HandlerRecord[]): Markup | null {
  if (handlers.length === 0) return null
  const open = handlers.filter((handler) => handler.done === undefined).length
  const rows = handlers.map(
    ({ handler, host, role, due, done }) =>
      markup`<tr><th scope="row">${handler}</th><td>${host}</td><td>${role}</td><td class="time">after ${duration(due)}</td><td class="${done === undefined ? 'failed' : 'ok'}">${done === undefined ? 'still due' : `done after ${duration(done)}`}</td></tr>\n`,
  )
  return markup`<section><h2>Handlers</h2>
<div class="wide"><table class="handlers">
<thead><tr><th scope="col">Handler</th><th scope="col">Host</th><th scope="col">Role</th><th scope="col">Due</th><th scope="col">Done</th></tr></thead>
<tbody>
${rows}</tbody></table></div>
${open > 0 && markup`<p class="stopped">What is still due is done by the next run on this inventory that comes to the end of the role.</p>\n`}</section>
`
}
