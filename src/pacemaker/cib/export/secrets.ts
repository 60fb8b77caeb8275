import { Secret } from '../../../secret.ts'
import { isSecretValue } from '../difference.ts'

/** A password of the CIB, and the name of the variable that stands for it wherever the configuration is printed. */
export interface NamedSecret {
  readonly secret: Secret
  /** `IPMI1_PASSWORD` */
  readonly variable: string
  /** `ipmi1: password` */
  readonly of: string
}

export interface Secrets {
  /** A value as it may be handed on: a {@link Secret} for what must not be printed. */
  value(owner: string, name: string, text: string): string | Secret
  readonly all: readonly NamedSecret[]
}

export function createSecrets(): Secrets {
  const all: NamedSecret[] = []
  return {
    all,
    value(owner, name, text) {
      if (!isSecretValue(name, text)) return text
      const variable = variableFor(`${owner}_${name}`, new Set(all.map((one) => one.variable)))
      const secret = new Secret(text, `environment ${variable}`)
      all.push({ secret, variable, of: `${owner}: ${name}` })
      return secret
    },
  }
}

/** A name that a shell takes, and that no other secret has. */
function variableFor(text: string, taken: ReadonlySet<string>): string {
  const name = text
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^(?=\d)/, '_')
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name}_${number}`
    if (!taken.has(candidate)) return candidate
  }
}
