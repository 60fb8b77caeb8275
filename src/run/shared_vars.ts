import { isDeepStrictEqual } from 'node:util'
import { misused } from './misuse.ts'

export type AnyVars = Readonly<Record<string, unknown>>

/** The vars that all nodes have in common; reading another one is an error that says how they differ. */
export function sharedVars(
  role: string,
  nodes: readonly { readonly name: string; readonly vars: AnyVars }[],
): AnyVars {
  const [first, ...rest] = nodes
  if (first === undefined) return {}
  return new Proxy(first.vars, {
    get: (vars, key) => {
      const value = Reflect.get(vars, key) as unknown
      const other = rest.find((node) => !isDeepStrictEqual(Reflect.get(node.vars, key), value))
      if (other === undefined) return value
      throw misused(`${role} reads vars.${String(key)} for the group, but it differs between hosts`, {
        seen: `${first.name} and ${other.name} have different values`,
        remedy: 'Read node.vars in the role, or set the same value for all hosts of the play.',
      })
    },
  })
}
