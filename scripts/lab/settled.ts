/** As Promise.all, but a failure waits for the others: nothing may still be made while the lab is taken down. */
export async function settled(works: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(works)).find((result) => result.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}
