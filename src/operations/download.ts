import * as z from 'zod'
import { accountsAfter, attributeParams, attributesText, planAttributes } from './attributes.ts'
import { atomicPlace } from './atomic_write.ts'
import { contentOfFile } from './content.ts'
import { fetchOnce } from './fetch_cache.ts'
import { fetchOnHost } from './host_fetch.ts'
import { operation } from './operation.ts'
import type { Change } from './operation.ts'
import { absolutePath, sha256, urls } from './params.ts'
import { setAttributes } from './path_change.ts'
import { pathKey, readPath } from './path_state.ts'
import type { PathState } from './path_state.ts'
import { applyFile, notAFile } from './whole_file.ts'

const params = z.strictObject({
  path: absolutePath.describe('Where it goes on the host'),
  ...attributeParams,
  urls,
  sha256: sha256.describe('Digest that it must have'),
  via: z
    .enum(['controller', 'node'])
    .default('controller')
    .describe('Who fetches it: the controller, once for all hosts, or each host by itself'),
})

type Want = z.output<typeof params>

/** A file from the network, known by its digest: it is fetched only where the one that is there is another. */
export const download = operation('download', {
  params,
  subject: (want) => want.path,
  read: (context, want) => readPath(context, want.path, { digestOnly: true }),

  plan(now, want): Change[] {
    if (now.kind === 'absent') return [{ summary: `download ${nameIn(want)}${creation(now.parent, want)}` }]
    if (now.kind !== 'file') throw notAFile(want.path, now)
    const changes = planAttributes(now, want)
    if (now.sha256 === want.sha256) return changes
    return [
      { summary: `download ${nameIn(want)} (sha256 ${short(now.sha256)} → ${short(want.sha256)})` },
      ...changes,
    ]
  },

  async apply(context, _changes, want, now) {
    if (now.kind === 'file' && now.sha256 === want.sha256)
      return setAttributes(context, want.path, { ...want, mode: want.mode ?? now.mode })
    if (want.via === 'controller') {
      const content = await contentOfFile(await fetchOnce(context, want))
      return applyFile(context, now, { ...want, content })
    }
    const kept = now.kind === 'file' ? now : null
    await atomicPlace(
      context,
      {
        path: want.path,
        mode: want.mode ?? kept?.mode ?? '0644',
        owner: want.owner ?? kept?.owner.id?.toString(),
        group: want.group ?? kept?.group.id?.toString(),
        expected: null,
      },
      want.sha256,
      (temporary) => fetchOnHost(context, want, temporary),
    )
  },

  after: (now, want): PathState => ({
    kind: 'file',
    mode: want.mode ?? (now.kind === 'file' ? now.mode : '0644'),
    ...accountsAfter(now, want),
    size: now.kind === 'file' && now.sha256 === want.sha256 ? now.size : 0,
    sha256: want.sha256,
    content: null,
  }),

  key: (want) => pathKey(want.path),
})

const short = (digest: string): string => `${digest.slice(0, 8)}…`

const nameIn = ({ urls: [first = ''] }: Want): string => new URL(first).pathname.split('/').at(-1) ?? ''

function creation(parent: string, want: Want): string {
  const details = attributesText(want)
  const where = parent === 'missing' ? ', into a directory that is not there yet' : ''
  return (details === '' ? '' : ` (${details})`) + where
}
