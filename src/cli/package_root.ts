import { existsSync } from 'node:fs'

/** The directory of bringup's own `package.json`, as a URL that ends in a slash; the same from source and from `dist`. */
export function packageRoot(): URL {
  const fromSource = new URL('../../', import.meta.url)
  return existsSync(new URL('package.json', fromSource)) ? fromSource : new URL('../', fromSource)
}
