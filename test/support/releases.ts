/**
 * The releases of Debian that a suite is run on: the first, and all with TEST_ALL. It says which it leaves out.
 * @param what the suite is about
 */
export function releasesFor<Release extends string>(
  what: string,
  ...all: readonly Release[]
): readonly Release[] {
  if (process.env['TEST_ALL'] !== undefined) return all
  console.log(`${what}: ${all.slice(1).join(' and ')} only with npm run test:all`)
  return all.slice(0, 1)
}
