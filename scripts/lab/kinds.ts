import { containers } from './container.ts'
import type { MachineKind } from './kind.ts'
import type { Kind } from './state.ts'
import { vms } from './vm/vms.ts'

const all: Readonly<Record<Kind, MachineKind>> = { containers, vms }

export const kindOf = ({ kind }: { readonly kind: Kind }): MachineKind => all[kind]
