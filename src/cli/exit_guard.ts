/**
 * A run that a role ends with `process.exit()` has not gone well, whatever the role says.
 * @returns what takes the guard away, when the run has ended
 */
export function guardExit(): () => void {
  const onExit = (code: number): void => {
    if (code !== 0) return
    process.exitCode = 1
    process.stderr.write('bringup was ended in the middle of the run, by a role or a package of one.\n')
  }
  process.once('exit', onExit)
  return () => void process.off('exit', onExit)
}
