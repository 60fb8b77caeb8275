import { BringupError } from '../errors.ts'
import type { Facts } from '../facts/facts.ts'

/** The package manager of a host. @throws BringupError REFUSED where it has none that is known */
export function packageManagerOf({
  packageManager,
  os,
}: Pick<Facts, 'packageManager' | 'os'>): 'apt' | 'dnf' | 'yum' {
  if (packageManager !== null) return packageManager
  throw new BringupError('REFUSED', 'there is no package manager that is known here', {
    expected: 'apt-get with dpkg, dnf or yum',
    seen: os.name,
    remedy: 'Install what is needed by other means, or use a platform that bringup knows.',
  })
}
