import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { decryptCommand } from '../../../src/cli/secrets/decrypt.ts'
import { editCommand } from '../../../src/cli/secrets/edit.ts'
import { encryptCommand } from '../../../src/cli/secrets/encrypt.ts'
import { keygenCommand } from '../../../src/cli/secrets/keygen.ts'
import { fakeTerminal } from '../../support/command_context.ts'
import { addFiles, errorsOf, project } from '../../support/project.ts'

/** A project whose user has an identity; and what `encrypt` prints for a value. */
async function withIdentity(files: Readonly<Record<string, string>> = {}) {
  const cwd = project(files)
  const environment = { BRINGUP_AGE_IDENTITY: 'keys/id.txt' }
  const { context, written } = fakeTerminal(cwd, { environment })
  await keygenCommand(context)
  const encrypt = async (value: string, name: string): Promise<string> => {
    const terminal = fakeTerminal(cwd, { environment, input: value })
    await encryptCommand({ recipient: [], passphrase: false, name }, terminal.context)
    return terminal.written.out
  }
  const decrypt = async (file?: string, key?: string, input?: string): Promise<string> => {
    const terminal = fakeTerminal(cwd, { environment, ...(input === undefined ? {} : { input }) })
    await decryptCommand(file, key, terminal.context)
    return terminal.written.out
  }
  return { cwd, environment, recipient: written.out.trim(), encrypt, decrypt }
}

/** An editor that carries out a `sed` script, and a note of where and with which mode it saw the file. */
function editor(cwd: string, script: string): string {
  const file = join(cwd, 'editor.sh')
  writeFileSync(
    file,
    `#!/bin/sh\nstat -c '%a %n' "$1" > ${cwd}/seen\ncat "$1" > ${cwd}/shown\nsed -i '${script}' "$1"\n`,
  )
  chmodSync(file, 0o700)
  return file
}

describe('bringup secrets keygen', () => {
  test('makes an identity for its user alone, once', async () => {
    const { cwd, environment, recipient } = await withIdentity()
    expect(statSync(join(cwd, 'keys/id.txt')).mode & 0o777).toBe(0o600)
    expect(recipient).toMatch(/^age1[a-z0-9]{58}$/)
    const before = readFileSync(join(cwd, 'keys/id.txt'), 'utf8')
    expect(await errorsOf(() => keygenCommand(fakeTerminal(cwd, { environment }).context))).toMatch(
      /there already/,
    )
    expect(readFileSync(join(cwd, 'keys/id.txt'), 'utf8')).toBe(before)
  })
})

describe('bringup secrets encrypt', () => {
  test('prints a line of YAML that decrypt understands, from a file or from a pipe', async () => {
    const { cwd, encrypt, decrypt } = await withIdentity()
    const line = await encrypt('sesame\n', 'hacluster_password')
    expect(line).toMatch(/^hacluster_password: !age \|\n {2}-----BEGIN AGE ENCRYPTED FILE-----\n/)
    expect(line).not.toContain('sesame')
    addFiles(cwd, { 'vars.yml': `a: 1\n${line}` })
    expect(await decrypt('vars.yml', 'hacluster_password')).toBe('sesame\n')
    expect(await decrypt('vars.yml')).toBe('sesame\n')
    expect(await decrypt(undefined, undefined, line)).toBe('sesame\n')
  })

  test('asks twice where nothing is piped', async () => {
    const { cwd, environment, decrypt } = await withIdentity()
    const typed = fakeTerminal(cwd, { environment, answers: ['sesame', 'sesame'] })
    await encryptCommand({ recipient: [], passphrase: false }, typed.context)
    expect(await decrypt(undefined, undefined, typed.written.out)).toBe('sesame\n')
    const mistyped = fakeTerminal(cwd, { environment, answers: ['sesame', 'sesam'] })
    const errors = await errorsOf(() =>
      encryptCommand({ recipient: [], passphrase: false }, mistyped.context),
    )
    expect(errors).toMatch(/^the two are not the same/)
  })

  test('says what is missing', async () => {
    const cwd = project({})
    const environment = { BRINGUP_AGE_IDENTITY: 'none.txt' }
    const errors = (input: string | undefined, recipient: string[] = [], name?: string) =>
      errorsOf(
        () =>
          encryptCommand(
            { recipient, passphrase: false, ...(name === undefined ? {} : { name }) },
            fakeTerminal(cwd, { environment, ...(input === undefined ? {} : { input }) }).context,
          ),
        cwd,
      )
    const { recipient } = await withIdentity()
    const told = [
      await errors('x'),
      await errors('x', ['age1nonsense']),
      await errors('', [recipient]),
      await errors(undefined, [recipient]),
      await errors('x', [recipient], 'my password'),
    ]
    expect(`\n${told.join('\n')}\n`).toMatchInlineSnapshot(`
      "
      nobody to encrypt to: …/none.txt is not there [USAGE]
        next      Name a public key with --recipient age1…, or make an identity: bringup secrets keygen.
      "age1nonsense" is not an age recipient [USAGE]
        next      Name a public key as \`bringup secrets keygen\` prints it: age1…
      there is nothing to encrypt [USAGE]
        next      Give the value on standard input.
      nobody can be asked here [USAGE]
        next      Give the value on standard input.
      --name takes the name of a var, not "my password" [USAGE]
        next      Give the value itself on standard input, never as an argument.
      "
    `)
  })
})

describe('bringup secrets decrypt', () => {
  test('says what there is to choose from', async () => {
    const { cwd, encrypt, decrypt } = await withIdentity()
    addFiles(cwd, {
      'vars.yml': `${await encrypt('x', 'a')}${await encrypt('y', 'b')}list: [!env HOME]\n`,
      'none.yml': 'a: 1\n',
    })
    const told = [
      await errorsOf(() => decrypt('vars.yml')),
      await errorsOf(() => decrypt('vars.yml', 'c')),
      await errorsOf(() => decrypt('none.yml')),
      await errorsOf(() => decrypt(undefined, undefined, 'nothing')),
    ]
    expect(`\n${told.join('\n')}\n`).toMatchInlineSnapshot(`
      "
      vars.yml needs a key [USAGE]
        next      Its secrets are: a, b, list.0.
      vars.yml has no secret at "c" [USAGE]
        next      Its secrets are: a, b, list.0.
      none.yml needs a key [USAGE]
        next      There is no secret in this file.
      no age file on standard input [USAGE]
        next      Give the !age block on standard input, or name a YAML file and a key.
      "
    `)
  })
})

describe('bringup secrets edit', () => {
  test('shows values in the editor alone, and changes only what was changed', async () => {
    const { cwd, environment, encrypt, decrypt } = await withIdentity()
    const before = `# Ours\n${await encrypt('one', 'a')}${await encrypt('two', 'b')}c: 3 # clear\n`
    addFiles(cwd, { 'vars.yml': before })
    chmodSync(join(cwd, 'vars.yml'), 0o640)
    const terminal = fakeTerminal(cwd, {
      environment: { ...environment, EDITOR: editor(cwd, 's/"one"/"ONE"/') },
    })
    expect(await editCommand('vars.yml', { recipient: [] }, terminal.context)).toBe(0)
    expect(terminal.written.said).toBe('vars.yml: 1 encrypted, 1 as they were\n')
    const after = readFileSync(join(cwd, 'vars.yml'), 'utf8')
    expect(after.slice(after.indexOf('b:'))).toBe(before.slice(before.indexOf('b:')))
    expect([await decrypt('vars.yml', 'a'), await decrypt('vars.yml', 'b')]).toEqual(['ONE\n', 'two\n'])
    expect(statSync(join(cwd, 'vars.yml')).mode & 0o777).toBe(0o640)

    expect(readFileSync(join(cwd, 'shown'), 'utf8')).toBe(
      '# Ours\na: !age "one"\nb: !age "two"\nc: 3 # clear\n',
    )
    const [mode, path = ''] = readFileSync(join(cwd, 'seen'), 'utf8').trim().split(' ')
    expect(mode).toBe('600')
    expect(path).toMatch(/^\/dev\/shm\//)
    expect(statSync(path, { throwIfNoEntry: false })).toBeUndefined()
  })

  test('writes nothing where nothing was changed, or the editor failed', async () => {
    const { cwd, environment, encrypt } = await withIdentity()
    const before = await encrypt('one', 'a')
    addFiles(cwd, { 'vars.yml': before })
    const edit = (command: string) => {
      const terminal = fakeTerminal(cwd, { environment: { ...environment, EDITOR: command } })
      return editCommand('vars.yml', { recipient: [] }, terminal.context).then(() => terminal.written.said)
    }
    expect(await edit('true')).toBe('nothing changed\n')
    expect(await errorsOf(() => edit('false'))).toMatch(/^the editor "false" ended with status 1/)
    expect(await errorsOf(() => edit(editor(cwd, 's/"one"/"one/')))).toMatch(/^vars\.yml:2:1 .*YAML_SYNTAX/)
    expect(readFileSync(join(cwd, 'vars.yml'), 'utf8')).toBe(before)
    expect(readdirSync(cwd).filter((name) => name.endsWith('.new'))).toEqual([])
  })

  test('opens the editor again on what was typed, if wanted', async () => {
    const { cwd, environment, encrypt, decrypt } = await withIdentity()
    addFiles(cwd, { 'vars.yml': await encrypt('one', 'a') })
    // The first time it breaks the YAML, the second time it mends it.
    const twice = editor(cwd, '/"one$/{s/"one$/"two"/;b}; s/"one"/"one/')
    const terminal = fakeTerminal(cwd, { environment: { ...environment, EDITOR: twice }, answers: ['e'] })
    await editCommand('vars.yml', { recipient: [] }, terminal.context)
    expect(await decrypt('vars.yml', 'a')).toBe('two\n')
  })

  test('leaves what somebody else wrote meanwhile', async () => {
    const { cwd, environment, encrypt } = await withIdentity()
    addFiles(cwd, { 'vars.yml': await encrypt('one', 'a') })
    const meddle = `${editor(cwd, 's/"one"/"two"/')} "$1"; echo changed > ${cwd}/vars.yml; true`
    const terminal = fakeTerminal(cwd, { environment: { ...environment, EDITOR: meddle } })
    const errors = await errorsOf(() => editCommand('vars.yml', { recipient: [] }, terminal.context))
    expect(errors).toMatch(/^vars.yml was changed by somebody else meanwhile \[REFUSED\]/)
    expect(readFileSync(join(cwd, 'vars.yml'), 'utf8')).toBe('changed\n')
  })
})
