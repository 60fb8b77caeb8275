import { archive } from './archive.ts'
import { block } from './block.ts'
import { command } from './command.ts'
import { daemon_reload } from './daemon_reload.ts'
import { directory } from './directory.ts'
import { download } from './download.ts'
import { drbd_metadata } from './drbd_metadata.ts'
import { dropin } from './dropin.ts'
import { file } from './file.ts'
import { fstab } from './fstab.ts'
import { group } from './group.ts'
import { hosts_entries } from './hosts_entries.ts'
import { ini } from './ini.ts'
import { kernel_module } from './kernel_module.ts'
import { line } from './line.ts'
import { mkfs } from './mkfs.ts'
import { mount } from './mount.ts'
import { packageOperation } from './package.ts'
import { reboot } from './reboot.ts'
import { restart } from './restart.ts'
import { service } from './service.ts'
import { symlink } from './symlink.ts'
import { sysctl } from './sysctl.ts'
import { template } from './template.ts'
import { upgrade } from './upgrade.ts'
import { user } from './user.ts'
import { wait_for } from './wait_for.ts'

/** The ready-made operations by name; each is a method of a role's nodes. One line per operation. */
export const operations = {
  archive,
  block,
  command,
  daemon_reload,
  directory,
  download,
  drbd_metadata,
  dropin,
  file,
  fstab,
  group,
  hosts_entries,
  ini,
  kernel_module,
  line,
  mkfs,
  mount,
  package: packageOperation,
  reboot,
  restart,
  service,
  symlink,
  sysctl,
  template,
  upgrade,
  user,
  wait_for,
}
