import { registerHooks } from 'node:module'
import type { ResolveFnOutput } from 'node:module'

/** Packages of the engine's own that a role may import without having them installed. */
const provided = new Set(['zod', 'semver'])

/** Of these a role gets the engine's own copy, whatever is installed: in a role their `$` runs nothing. */
const guarded = new Set(['zx', 'zx/core'])

/** Hooks belong to the process, whichever copy of bringup set them: so does the mark that they are there. */
const mark = Symbol.for('bringup.role-imports')

/**
 * Lets a role import `bringup` from wherever the role lies, and get this very engine, not another copy that may be
 * installed beside it: a `Secret` of another copy would not be one here. Does nothing the second time.
 */
export function serveRoleImports(): void {
  if (Reflect.has(globalThis, mark)) return
  Reflect.set(globalThis, mark, true)
  const engine = new URL(import.meta.url.endsWith('.ts') ? '../index.ts' : '../index.js', import.meta.url)
    .href
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier === 'bringup') return { url: engine, shortCircuit: true }
      if (guarded.has(specifier)) return next(specifier, { ...context, parentURL: engine })
      if (!provided.has(specifier)) return asModule(next(specifier, context))
      try {
        return next(specifier, context)
      } catch {
        return next(specifier, { ...context, parentURL: engine })
      }
    },
  })
}

/**
 * TypeScript is a module here whatever a `package.json` above it says or leaves out; Node would guess, read it twice,
 * and print a warning about that.
 */
function asModule(found: ResolveFnOutput): ResolveFnOutput {
  const isOurs =
    found.url.startsWith('file:') && found.url.endsWith('.ts') && !found.url.includes('/node_modules/')
  return isOurs && found.format !== 'module-typescript' ? { ...found, format: 'module-typescript' } : found
}
