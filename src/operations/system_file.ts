import { file } from './file.ts'
import type { FileReading } from './file.ts'
import type { ApplyContext, Change, ReadContext } from './operation.ts'

/** A file of the system's configuration, root's and readable by all, whose directory is made where it is missing. */
export interface SystemFile {
  read(context: ReadContext): Promise<FileReading>
  plan(now: FileReading): Change[]
  /** Does nothing where nothing is planned. */
  apply(context: ApplyContext, now: FileReading): Promise<void>
  after(now: FileReading): FileReading
}

/** @param content null where the file is to be absent */
export function systemFile(path: string, content: string | null): SystemFile {
  const attributes = { path, mode: '0644', owner: 'root', group: 'root' }
  const want = file.params.parse(content === null ? { path, state: 'absent' } : { ...attributes, content })
  return {
    read: (context) => file.read(context, want),
    plan: (now) => file.plan(now, want),
    after: (now) => file.after(now, want),
    async apply(context, now) {
      const changes = file.plan(now, want)
      if (changes.length === 0) return
      if (now.kind === 'absent' && now.parent !== 'present')
        await context.$`mkdir -p ${path.replace(/\/[^/]*$/, '')}`
      await file.apply(context, changes, want, now)
    },
  }
}
