import { BringupError } from '../errors.ts'
import { unavailableError, unreachableSourcesError, wouldRemoveError } from './package_error.ts'

/** How dnf, yum or rpm ended. */
export interface RpmResult {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Who holds the lock that made dnf or yum give up; null where that was not why it ended. */
export function lockHolder({ exitCode, stdout, stderr }: RpmResult): string | null {
  const text = `${stdout}\n${stderr}`
  if (exitCode !== 200 && !/already locked by|holding the yum lock/.test(text)) return null
  const [, pid, name] = /PID (\d+) is: (.+)/.exec(text) ?? []
  if (pid !== undefined) return `${name}, process ${pid}`
  const [, program] = /The other application is: (.+)/.exec(text) ?? []
  const [, process] = /pid:? (\d+)/i.exec(text) ?? []
  return `${program ?? 'another program'}, process ${process ?? 'unknown'}`
}

export function rpmError(manager: 'dnf' | 'yum', { exitCode, stdout, stderr }: RpmResult): BringupError {
  const seen = (stderr.trim() === '' ? stdout : stderr).trim().split('\n').slice(-15).join('\n')
  const [, unknown] =
    /No match for argument: (\S+)|No package (\S+) available/.exec(`${stdout}\n${stderr}`) ?? []
  if (/Unable to find a match|No package \S+ available|Nothing to do/.test(stderr))
    return unavailableError(unknown ?? 'a package or version', seen, '/etc/yum.repos.d')
  if (
    /Failed to download metadata|Cannot download|Curl error|Could not resolve host|Cannot retrieve/.test(
      stderr,
    )
  )
    return unreachableSourcesError(seen)
  if (/conflicts with|allowerasing/.test(stderr)) return wouldRemoveError('other packages', seen)
  return new BringupError('COMMAND_FAILED', `${manager} ended with ${exitCode}`, {
    seen,
    remedy: `Put in order what ${manager} complains about; then run again.`,
  })
}
