import { join } from 'node:path'
import { BringupError } from '../errors.ts'
import { inventoryJsonSchema } from '../inventory/json_schema.ts'
import { playbookJsonSchema, roleJsonSchema } from '../playbook/json_schema.ts'
import { loadRole } from '../playbook/load_role.ts'
import { roleDirectories, roleNames } from '../playbook/role_directories.ts'
import type { CommandContext } from './context.ts'
import { processContext } from './context.ts'

/** `bringup schema inventory|playbook|role NAME`: JSON Schema for editors, on standard output. */
export async function schemaCommand(
  kind: string,
  name: string | undefined,
  context: CommandContext = processContext(),
): Promise<number> {
  const schema = await schemaOf(kind, name, context.cwd)
  context.out(`${JSON.stringify(schema, null, 2)}\n`)
  return 0
}

async function schemaOf(kind: string, name: string | undefined, cwd: string): Promise<unknown> {
  if (kind === 'inventory') return inventoryJsonSchema()
  const directories = roleDirectories(join(cwd, 'playbooks', 'any.yml'), cwd)
  if (kind === 'playbook') {
    // A role that is being written must not take the editor's help for all others away.
    const load = (role: string) => loadRole(role, undefined, { directories, cwd }).catch(() => null)
    const roles = await Promise.all(roleNames(directories).map(load))
    return playbookJsonSchema(roles.filter((role) => role !== null))
  }
  if (kind === 'role' && name !== undefined)
    return roleJsonSchema(await loadRole(name, undefined, { directories, cwd }))
  throw new BringupError('USAGE', 'schema takes: inventory, playbook, or role NAME', {
    remedy: 'Write for example: bringup schema role hosts_file.',
  })
}
