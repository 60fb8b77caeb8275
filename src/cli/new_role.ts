import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BringupError } from '../errors.ts'
import { shownPath } from '../path.ts'
import type { CommandContext } from './context.ts'
import { processContext } from './context.ts'

/** `bringup new role NAME`: a role that works as it is, to be changed into what is needed. */
export function newRoleCommand(name: string, context: CommandContext = processContext()): Promise<number> {
  if (!/^[a-z][a-z0-9_]*$/.test(name))
    throw new BringupError('USAGE', `"${name.slice(0, 60)}" is no name for a role`, {
      remedy: 'Use lower-case letters, digits and "_", starting with a letter, as in hosts_file.',
    })
  const directory = join(context.cwd, 'roles', name)
  if (existsSync(directory))
    throw new BringupError('USAGE', `${shownPath(context.cwd, directory)} is there already`, {
      remedy: 'Choose another name; nothing was changed.',
    })
  mkdirSync(directory, { recursive: true })
  const files = { 'role.ts': roleFile(name), 'README.md': readmeFile(name) }
  for (const [file, text] of Object.entries(files)) {
    const path = join(directory, file)
    writeFileSync(path, text, { flag: 'wx' })
    context.out(`${shownPath(context.cwd, path)}\n`)
  }
  context.say(`\nUse it in a playbook:\n\n${playbook(name)}\n`)
  return Promise.resolve(0)
}

const playbook = (name: string): string => `- name: Try ${name}\n  hosts: all\n  roles:\n    - ${name}\n`

const roleFile = (name: string): string => `import { defineRole, z } from 'bringup'

export default defineRole({
  summary: 'Every node has a note of who belongs to its group',
  vars: z.strictObject({
    ${name}_path: z.string().startsWith('/').default('/var/tmp/${name}.txt').describe('Where the note is kept.'),
  }),

  async run({ nodes, vars }) {
    const names = nodes.names.join('\\n')
    // All nodes at once, each at its own pace; a second run finds the file as it is wanted, and changes nothing.
    await nodes.each(async (node) => {
      await node.file({ path: vars.${name}_path, content: \`\${names}\\n\`, mode: '0644' })
    })
  },
})
`

const readmeFile = (name: string): string => `# ${name}

Every node has a note of who belongs to its group.

| var | default | what it is |
| --- | --- | --- |
| \`${name}_path\` | \`/var/tmp/${name}.txt\` | where the note is kept |

It never deletes anything: a note at an earlier path stays.

\`\`\`yaml
${playbook(name)}\`\`\`
`
