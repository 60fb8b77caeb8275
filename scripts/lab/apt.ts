import { local } from './local.ts'

/** This machine's proxy settings of apt, for those that do not read its configuration: `KEY "VALUE"` each. */
export async function aptProxies(): Promise<string[]> {
  const keys = ['Acquire::http::Proxy', 'Acquire::https::Proxy']
  const found = await Promise.all(
    keys.map(async (key) => {
      const { stdout } = await local()`apt-config shell value ${key}`
      const proxy = /^value='(.*)'$/m.exec(stdout)?.[1]
      return proxy === undefined ? [] : [`${key} "${proxy}"`]
    }),
  )
  return found.flat()
}
