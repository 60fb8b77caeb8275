import { block } from './block.ts'
import { ini } from './ini.ts'
import { line } from './line.ts'
import { directory } from './directory.ts'
import { file } from './file.ts'
import { hosts_entries } from './hosts_entries.ts'
import { packageOperation } from './package.ts'
import { service } from './service.ts'
import { symlink } from './symlink.ts'
import { template } from './template.ts'
import { user } from './user.ts'

/** The ready-made operations by name; each is a method of a role's nodes. One line per operation. */
export const operations = {
  block,
  ini,
  line,
  directory,
  file,
  hosts_entries,
  package: packageOperation,
  service,
  symlink,
  template,
  user,
}
