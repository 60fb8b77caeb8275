import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Inventory } from '../../../src/inventory/inventory.ts'
import { loadInventory } from '../../../src/inventory/load.ts'
import { createProblems } from '../../../src/problems.ts'
import { errorsOf, project } from '../../support/project.ts'

interface Loaded {
  readonly inventory: Inventory
  readonly notes: readonly string[]
  readonly directory: string
}

function load(files: Readonly<Record<string, string>>, paths = ['inv.yml'], playbooks?: string): Loaded {
  const directory = project(files)
  const problems = createProblems()
  const notes = new Set<string>()
  const inventory = loadInventory(paths, {
    cwd: directory,
    problems,
    note: (text) => notes.add(text),
    ...(playbooks === undefined ? {} : { playbookDirectory: join(directory, playbooks) }),
  })
  problems.throwIfAny()
  return { inventory, notes: [...notes], directory }
}

/** A host's vars as plain data. */
const varsOf = ({ inventory }: Loaded, host: string): Record<string, unknown> =>
  Object.fromEntries([...inventory.hosts.get(host)!.vars].map(([name, { value }]) => [name, value]))

describe('groups and hosts', () => {
  const site = `
all:
  hosts:
    bastion:
  children:
    cluster:
      children:
        controllers:
          hosts: { "server[1:2]": }
        witnesses: { hosts: { observer: } }
    web: { hosts: { web01: , server2: } }
other:
  hosts:
    server2:
    lonely:
`
  test('are in the order of the file, groups with all that is below them', () => {
    const { inventory } = load({ 'inv.yml': site })
    expect([...inventory.hosts.keys()]).toEqual([
      'bastion',
      'server1',
      'server2',
      'observer',
      'web01',
      'lonely',
    ])
    expect(Object.fromEntries(inventory.groups)).toMatchInlineSnapshot(`
      {
        "all": [
          "bastion",
          "server1",
          "server2",
          "observer",
          "web01",
          "lonely",
        ],
        "cluster": [
          "server1",
          "server2",
          "observer",
        ],
        "controllers": [
          "server1",
          "server2",
        ],
        "other": [
          "server2",
          "lonely",
        ],
        "ungrouped": [
          "bastion",
        ],
        "web": [
          "server2",
          "web01",
        ],
        "witnesses": [
          "observer",
        ],
      }
    `)
    expect([...inventory.hosts.values()].map(({ name, groups }) => [name, groups.join(' ')]))
      .toMatchInlineSnapshot(`
      [
        [
          "bastion",
          "all ungrouped",
        ],
        [
          "server1",
          "all cluster controllers",
        ],
        [
          "server2",
          "all cluster other web controllers",
        ],
        [
          "observer",
          "all cluster witnesses",
        ],
        [
          "web01",
          "all web",
        ],
        [
          "lonely",
          "all other",
        ],
      ]
    `)
  })

  test('a group in several places, and in several files, is one', () => {
    const loaded = load(
      {
        'site/10-hosts.yml': 'cluster: { hosts: { server1: { a: 1 }, server2: } }\n',
        'site/20-more.yml':
          'cluster: { hosts: { server1: { a: 2 } }, vars: { b: 1 } }\nall: { vars: { c: 1 } }\n',
        'site/group_vars/all.yml': 'd: 1\n',
        'site/notes.txt': 'not read',
      },
      ['site'],
    )
    expect(loaded.inventory.groups.get('cluster')).toEqual(['server1', 'server2'])
    expect(varsOf(loaded, 'server1')).toEqual({ a: 2, b: 1, c: 1, d: 1 })
  })

  test('several inventories are merged, the later one winning', () => {
    const loaded = load(
      {
        'a/inv.yml': 'all: { hosts: { server1: { x: 1, y: 1 } } }\n',
        'b/inv.yml': 'all: { hosts: { server1: { x: 2 }, server2: } }\n',
      },
      ['a/inv.yml', 'b/inv.yml'],
    )
    expect([...loaded.inventory.hosts.keys()]).toEqual(['server1', 'server2'])
    expect(varsOf(loaded, 'server1')).toEqual({ x: 2, y: 1 })
  })
})

describe('vars', () => {
  /** Each layer sets its own name and all those of the later ones; so `v3` holds the number of the last layer from 3 on. */
  const layers = [
    'file all', 'file outer', 'file inner', 'inventory group_vars/all', 'playbook group_vars/all', 'inventory group_vars/outer',
    'inventory group_vars/inner', 'playbook group_vars/outer', 'playbook group_vars/inner', 'file host', 'inventory host_vars', 'playbook host_vars',
  ] // prettier-ignore
  const set = (layer: string): string =>
    Object.keys(layers)
      .filter((index) => Number(index) <= layers.indexOf(layer))
      .map((index) => `v${index}: ${layer}`)
      .join('\n')
  const flow = (layer: string): string => `{ ${set(layer).replaceAll('\n', ', ')} }`

  test('are merged in the order of Ansible', () => {
    const loaded = load(
      {
        'inventory/inv.yml': `
all:
  vars: ${flow('file all')}
  children:
    outer:
      vars: ${flow('file outer')}
      children:
        inner: { vars: ${flow('file inner')}, hosts: { server1: ${flow('file host')} } }
`,
        'inventory/group_vars/all.yml': set('inventory group_vars/all'),
        'inventory/group_vars/outer.yaml': set('inventory group_vars/outer'),
        'inventory/group_vars/inner/10.yml': 'v6: overwritten below\n',
        'inventory/group_vars/inner/20.yml': set('inventory group_vars/inner'),
        'inventory/host_vars/server1.json': JSON.stringify(
          Object.fromEntries(
            set('inventory host_vars')
              .split('\n')
              .map((line) => line.split(': ')),
          ),
        ),
        'playbooks/group_vars/all': set('playbook group_vars/all'),
        'playbooks/group_vars/outer.yml': set('playbook group_vars/outer'),
        'playbooks/group_vars/inner.yml': set('playbook group_vars/inner'),
        'playbooks/host_vars/server1.yml': set('playbook host_vars'),
      },
      ['inventory/inv.yml'],
      'playbooks',
    )
    // The last layer sets all of them; without it they would be the one before, and so on: see the next test.
    expect(new Set(Object.values(varsOf(loaded, 'server1')))).toEqual(new Set(['playbook host_vars']))
    expect(loaded.inventory.hosts.get('server1')!.vars.get('v0')).toMatchObject({
      source: 'playbooks/host_vars/server1.yml',
      at: { file: 'playbooks/host_vars/server1.yml', line: 1, column: 5 },
    })
  })

  test('each layer wins over all before it', () => {
    for (const [index, layer] of layers.entries()) {
      const only = (other: string): string => (layers.indexOf(other) <= index ? `x: ${other}\n` : 'y: 1\n')
      const inline = (other: string): string => `{ ${only(other).trim()} }`
      const loaded = load(
        {
          'i/inv.yml': `all: { vars: ${inline('file all')}, children: { outer: { vars: ${inline('file outer')}, children: { inner: { vars: ${inline('file inner')}, hosts: { server1: ${inline('file host')} } } } } } }\n`,
          'i/group_vars/all.yml': only('inventory group_vars/all'),
          'i/group_vars/outer.yml': only('inventory group_vars/outer'),
          'i/group_vars/inner.yml': only('inventory group_vars/inner'),
          'i/host_vars/server1.yml': only('inventory host_vars'),
          'p/group_vars/all.yml': only('playbook group_vars/all'),
          'p/group_vars/outer.yml': only('playbook group_vars/outer'),
          'p/group_vars/inner.yml': only('playbook group_vars/inner'),
          'p/host_vars/server1.yml': only('playbook host_vars'),
        },
        ['i/inv.yml'],
        'p',
      )
      expect(varsOf(loaded, 'server1')['x']).toBe(layer)
    }
  })

  test('of groups of equal depth the later name wins, unless a priority says otherwise', () => {
    const groups = (extra: string): string =>
      `a: { hosts: { s: }, vars: { x: a${extra} } }\nb: { hosts: { s: }, vars: { x: b } }\n`
    expect(varsOf(load({ 'inv.yml': groups('') }), 's')).toEqual({ x: 'b' })
    expect(varsOf(load({ 'inv.yml': groups(', ansible_group_priority: 10') }), 's')).toEqual({ x: 'a' })
  })

  test('a group deeper down wins over one that comes later in the alphabet', () => {
    const loaded = load({
      'inv.yml':
        'z: { vars: { x: z }, hosts: { s: } }\na: { children: { b: { vars: { x: b }, hosts: { s: } } } }\n',
    })
    expect(varsOf(loaded, 's')).toEqual({ x: 'b' })
  })

  test('whole values replace whole values', () => {
    const loaded = load({
      'inv.yml': 'all: { vars: { m: { a: 1, b: 2 } }, hosts: { s: { m: { b: 3 } } } }\n',
    })
    expect(varsOf(loaded, 's')).toEqual({ m: { b: 3 } })
  })
})

describe('the connection', () => {
  test('what a host may reach beside its sources', () => {
    const places = `[Mirror.example.org, "*.Example.org", mirror.example.org:3142, web.example.org:443, 8.8.8.8, "[2001:DB8::1]:8080", "2001:db8::2"]`
    expect(connection(`{ egress_allow: ${places} }`).egressAllow).toEqual([
      'mirror.example.org',
      '*.example.org',
      'mirror.example.org:3142',
      'web.example.org',
      '8.8.8.8',
      '[2001:db8::1]:8080',
      '[2001:db8::2]',
    ])
  })

  const connection = (host: string, rest: Readonly<Record<string, string>> = {}) =>
    load({ 'inv.yml': `all: { hosts: { s: ${host} } }\n`, ...rest }).inventory.hosts.get('s')!.connection

  test('of a host of which nothing is said', () => {
    expect(connection('')).toMatchInlineSnapshot(`
      {
        "address": "s",
        "become": false,
        "becomePassword": null,
        "egress": "none",
        "egressAllow": [],
        "identityFile": null,
        "jump": null,
        "kind": "ssh",
        "knownHosts": null,
        "password": null,
        "port": null,
        "proxyCommand": null,
        "user": null,
      }
    `)
  })

  test('in our names and in those of Ansible is the same', () => {
    const ours = `{ host: 10.0.0.1, user: root, port: 2222, identity_file: /keys/id, become: true, connection: ssh, jump: [a, "b:22"] }`
    const ansible = `{ ansible_host: 10.0.0.1, ansible_user: root, ansible_port: "2222", ansible_ssh_private_key_file: /keys/id, ansible_become: yes, ansible_connection: smart, ansible_ssh_common_args: "-J a,b:22" }`
    expect(connection(ansible)).toEqual(connection(ours))
    expect(connection(ours)).toMatchObject({
      address: '10.0.0.1',
      port: 2222,
      user: 'root',
      become: true,
      jump: 'a,b:22',
    })
  })

  test('of this machine', () =>
    expect(connection('{ connection: local }')).toMatchObject({ kind: 'local', address: 'localhost' }))

  test('a nearer name wins over a farther one, whichever name it has', () => {
    const { inventory } = load({
      'inv.yml': 'all: { vars: { user: a, ansible_port: 1 }, hosts: { s: { ansible_user: b, port: 2 } } }\n',
    })
    expect(inventory.hosts.get('s')!.connection).toMatchObject({ user: 'b', port: 2 })
  })

  test('paths start at the file that sets them', () => {
    const loaded = load(
      {
        'site/inv.yml':
          'all: { hosts: { s: { known_hosts: keys/known }, t: { identity_file: ~/.ssh/id } } }\n',
        'site/group_vars/all.yml': 'identity_file: ../id_ed25519\n',
      },
      ['site/inv.yml'],
    )
    expect(loaded.inventory.hosts.get('s')!.connection).toMatchObject({
      identityFile: join(loaded.directory, 'site/id_ed25519'),
      knownHosts: join(loaded.directory, 'site/keys/known'),
    })
    expect(loaded.inventory.hosts.get('t')!.connection.identityFile).toBe(join(homedir(), '.ssh/id'))
  })

  test('a password in clear is a secret all the same, with a note', () => {
    const { inventory, notes } = load({
      'inv.yml': 'all: { hosts: { s: { password: hunter2, become_password: !env SUDO } } }\n',
    })
    const { password, becomePassword } = inventory.hosts.get('s')!.connection
    expect([String(password), password?.reveal(), becomePassword?.origin]).toEqual([
      '•••',
      'hunter2',
      'environment SUDO',
    ])
    expect(notes).toMatchInlineSnapshot(`
      [
        "inv.yml:1: password is written in clear; \`bringup secrets encrypt\` makes a !age value of it",
      ]
    `)
  })

  test("Ansible's settings that mean nothing here are taken, with a note where that is worth one", () => {
    const { notes } = load({
      'inv.yml':
        'all: { hosts: { s: { ansible_python_interpreter: /usr/bin/python3, ansible_winrm_path: x } } }\n',
    })
    expect(notes).toMatchInlineSnapshot(`
      [
        "inv.yml:1: ansible_winrm_path means nothing to bringup",
      ]
    `)
  })
})

const wrong: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'no file': { 'other.yml': '' },
  'a list of hosts': { 'inv.yml': 'all:\n  hosts:\n    - server1\n' },
  'an address in the place of a map': { 'inv.yml': 'all:\n  hosts:\n    server1: 10.0.0.1\n' },
  'an address as a name': { 'inv.yml': 'all:\n  hosts:\n    "fe80::1":\n' },
  'a mistyped key': { 'inv.yml': 'all:\n  hots:\n    server1:\n' },
  'a playbook': { 'inv.yml': '- hosts: all\n  roles: [x]\n' },
  'an INI file': { 'inv.yml': '# Ours\n[cluster]\nserver1 ansible_host=10.0.0.1\n' },
  'a backward range': { 'inv.yml': 'all:\n  hosts:\n    server[9:1]:\n' },
  'circular children': { 'inv.yml': 'a:\n  children:\n    b:\n      children:\n        c:\nc:\n  children:\n    a:\n' },
  'a group that is its own child': { 'inv.yml': 'a: { children: { a: } }\n' },
  'a host and a group of one name': { 'inv.yml': 'web: { hosts: { web: } }\n' },
  'two names for one address': { 'inv.yml': 'all:\n  hosts:\n    a: { host: 10.0.0.1 }\n    b: { host: 10.0.0.1, port: 22 }\n' },
  'two names for one setting': { 'inv.yml': 'all:\n  hosts:\n    a: { host: 10.0.0.1, ansible_host: 10.0.0.1 }\n' },
  'a mistyped setting': { 'inv.yml': 'all:\n  vars:\n    ansible_usr: root\n  hosts: { a: }\n' },
  'a mistyped setting in a file of vars': { 'inv.yml': 'cluster: { hosts: { a: } }\n', 'group_vars/cluster.yml': 'ansible_prot: 22\n' },
  'wrong settings': {
    'inv.yml': 'all:\n  vars:\n    port: 70000\n    become: maybe\n    connection: docker\n    egress: none!\n    user: [root]\n    jump: [1]\n    egress_allow: [https://a.example/x, 10.0.0.1, "a:22", localhost, "*", 7, "[::1]:80", 1.2.3]\n  hosts: { a: , b: }\n',
  },
  'templates in settings': { 'inv.yml': 'all:\n  hosts:\n    a: { host: "{{ ip }}", password: "{{ vault }}" }\n' },
  'settings that bringup does not have': {
    'inv.yml': 'all:\n  vars:\n    ansible_become_method: su\n    ansible_become_user: postgres\n    ansible_ssh_common_args: -F cfg\n    ansible_host_key_checking: false\n  hosts: { a: }\n',
  },
  'a list that is none': { 'inv.yml': 'all: { hosts: { a: { egress_allow: mirror.example.org } } }\n' },
  'two ways at once': { 'inv.yml': 'all: { hosts: { a: { jump: b, proxy_command: nc %h %p } } }\n' },
  'two files of vars for one group': { 'inv.yml': 'all: { hosts: { a: } }\n', 'group_vars/all.yml': 'x: 1\n', 'group_vars/all/x.yml': 'y: 1\n' },
  'a file of vars for a mistyped group': { 'inv.yml': 'cluster: { hosts: { a: } }\n', 'group_vars/clutser.yml': 'x: 1\n' },
  'a file of vars that is a list': { 'inv.yml': 'all: { hosts: { a: } }\n', 'host_vars/a.yml': '- x\n' },
  'an encrypted file of vars': { 'inv.yml': 'all: { hosts: { a: } }\n', 'group_vars/all.yml': '$ANSIBLE_VAULT;1.1;AES256\n3132\n' },
} // prettier-ignore

describe('what is wrong', () => {
  test('is told with its place and what to do', async () => {
    const told = await Promise.all(
      Object.entries(wrong).map(async ([name, files]) => `# ${name}\n${await errorsOf(() => load(files))}`),
    )
    expect(`\n${told.join('\n\n')}\n`).toMatchInlineSnapshot(`
      "
      # no file
      inv.yml is not there [FILE_UNREADABLE]
        next      Check the path, and the directory you are in.

      # a list of hosts
      inv.yml:3:5 "hosts" of the group "all" must be a map, not a list [INVENTORY_INVALID]
        next      Write each host as a key below it: "server1:" (with a colon, without a dash).

      # an address in the place of a map
      inv.yml:3:14 the host "server1" must be a map, not the text "10.0.0.1" [INVENTORY_INVALID]
        next      Write the address below the name: "host: 10.0.0.1".

      # an address as a name
      inv.yml:3:5 the name "fe80::1" holds characters that names can not have, as a host [INVENTORY_INVALID]
        next      Names are letters, digits, ".", "_" and "-"; an address goes into "host:" (or "ansible_host:") below the name.

      # a mistyped key
      inv.yml:2:3 unknown key "hots" in the group "all" (did you mean "hosts"?) [INVENTORY_INVALID]
        next      Correct it, or take it out; known here: hosts, vars, children.

      # a playbook
      inv.yml:1:1 an inventory must be a map, not a list [INVENTORY_INVALID]
        next      Write groups with hosts, as in Ansible: "all:", below it "hosts:", below that one line "server1:" per host.

      # an INI file
      inv.yml:1:1 an inventory in Ansible's INI form, not YAML [INVENTORY_INVALID]
        next      Convert it once: ansible-inventory -i inv.yml --list --yaml

      # a backward range
      inv.yml:3:5 the host "server[9:1]": the range [9:1] runs backwards [INVENTORY_INVALID]
        next      Write ranges as server[1:9], node[01:10], rack[a:c] or n[0:8:2].

      # circular children
      inv.yml:3:5 circular groups: a > b > c > a [INVENTORY_INVALID]
        next      Take "b" out of the children of "a".

      # a group that is its own child
      inv.yml:1:18 circular groups: a > a [INVENTORY_INVALID]
        next      Take "a" out of the children of "a".

      # a host and a group of one name
      inv.yml:1:17 "web" is the name of a host and of a group [INVENTORY_INVALID]
        next      Rename one of them, so that a pattern says which is meant.

      # two names for one address
      inv.yml:4:5 a and b are both 10.0.0.1 port 22 [INVENTORY_INVALID]
        next      Correct one address, or, if it is meant, write "shares_address: true" below b.

      # two names for one setting
      inv.yml:3:26 ansible_host and host say the same thing, both here [INVENTORY_INVALID]
        next      Keep one of them; the other is in line 3.

      # a mistyped setting
      inv.yml:3:5 unknown setting ansible_usr (did you mean "ansible_user"?) [INVENTORY_INVALID]
        next      Write ansible_user.

      # a mistyped setting in a file of vars
      group_vars/cluster.yml:1:1 unknown setting ansible_prot (did you mean "ansible_port"?) [INVENTORY_INVALID]
        next      Write ansible_port.

      # wrong settings
      inv.yml:3:11 port: expected a port from 1 to 65535, not "70000" [INVENTORY_INVALID]
        next      Correct port, or take it out.
      inv.yml:4:13 become: expected true or false [INVENTORY_INVALID]
        next      Correct become, or take it out.
      inv.yml:5:17 connection: expected one of ssh, local, smart, paramiko, not "docker" [INVENTORY_INVALID]
        next      Correct connection, or take it out.
      inv.yml:6:13 egress: expected one of none, controller, not "none!" [INVENTORY_INVALID]
        next      Correct egress, or take it out.
      inv.yml:7:11 user: expected text on one line, not a map or list [INVENTORY_INVALID]
        next      Correct user, or take it out.
      inv.yml:8:11 jump: expected hops as text: user@host:port [INVENTORY_INVALID]
        next      Correct jump, or take it out.
      inv.yml:9:19 egress_allow: "https://a.example/x" is more than a host: leave out https:// and the path [INVENTORY_INVALID]
        next      Write a list: [mirror.example.org, '*.example.org', mirror.example.org:3142].
      inv.yml:9:19 egress_allow: "10.0.0.1" is private; nothing private is ever reached through the controller [INVENTORY_INVALID]
        next      Write a list: [mirror.example.org, '*.example.org', mirror.example.org:3142].
      inv.yml:9:19 egress_allow: "a:22" has a port that is not for fetching: 80, 443 and those above 1023 are [INVENTORY_INVALID]
        next      Write a list: [mirror.example.org, '*.example.org', mirror.example.org:3142].
      inv.yml:9:19 egress_allow: "localhost" is private; nothing private is ever reached through the controller [INVENTORY_INVALID]
        next      Write a list: [mirror.example.org, '*.example.org', mirror.example.org:3142].
      inv.yml:9:19 egress_allow: "*" is neither a host, nor *.domain, nor host:port [INVENTORY_INVALID]
        next      Write a list: [mirror.example.org, '*.example.org', mirror.example.org:3142].
      inv.yml:9:19 egress_allow: 7 is not text [INVENTORY_INVALID]
        next      Write a list: [mirror.example.org, '*.example.org', mirror.example.org:3142].
      inv.yml:9:19 egress_allow: "[::1]:80" is private; nothing private is ever reached through the controller [INVENTORY_INVALID]
        next      Write a list: [mirror.example.org, '*.example.org', mirror.example.org:3142].
      inv.yml:9:19 egress_allow: "1.2.3" is neither a host, nor *.domain, nor host:port [INVENTORY_INVALID]
        next      Write a list: [mirror.example.org, '*.example.org', mirror.example.org:3142].

      # templates in settings
      inv.yml:3:16 host: {{ }} is not evaluated [INVENTORY_INVALID]
        next      Write the value itself; bringup has no templates in YAML.
      inv.yml:3:38 password: {{ }} is not evaluated [INVENTORY_INVALID]
        next      Say where the secret is: !env NAME, !file PATH, !prompt "Text".

      # settings that bringup does not have
      inv.yml:3:28 ansible_become_method is not what bringup can do [INVENTORY_INVALID]
        next      bringup becomes root with sudo: install sudo, or log in as root.
      inv.yml:4:26 ansible_become_user is not what bringup can do [INVENTORY_INVALID]
        next      bringup works as root or as the user that logs in: take it out.
      inv.yml:5:30 ansible_ssh_common_args: a configuration file of ssh (-F) is not understood here [INVENTORY_INVALID]
        next      Put its hosts into ~/.ssh/config, or set host, user, port, identity_file, jump and known_hosts.
      inv.yml:6:32 ansible_host_key_checking is not what bringup can do [INVENTORY_INVALID]
        next      Host keys are always checked: take it out, and learn new keys once with --accept-new.

      # a list that is none
      inv.yml:1:36 egress_allow: expected a list of places [INVENTORY_INVALID]
        next      Write a list: [mirror.example.org, '*.example.org', mirror.example.org:3142].

      # two ways at once
      inv.yml:1:46 proxy_command: the way goes through "jump" already [INVENTORY_INVALID]
        next      Correct proxy_command, or take it out.

      # two files of vars for one group
      group_vars/all.yml:1:1 both all and all.yml hold the vars of "all" [INVENTORY_INVALID]
        next      Keep one: Ansible would read one and silently leave out the other.

      # a file of vars for a mistyped group
      group_vars/clutser.yml:1:1 there is no group "clutser" (did you mean "cluster"?) [INVENTORY_INVALID]
        next      Rename it to "cluster", or the group in the inventory to "clutser".

      # a file of vars that is a list
      host_vars/a.yml:1:1 a file of vars must be a map, not a list [INVENTORY_INVALID]
        next      Write one "name: value" per line.

      # an encrypted file of vars
      group_vars/all.yml:1:1 a file encrypted by ansible-vault, which bringup can not read [YAML_SYNTAX]
        next      Decrypt it with ansible-vault, then encrypt its values with \`bringup secrets encrypt\`.
      "
    `)
  })

  test('shared addresses may be meant', () => {
    const shared =
      'all:\n  hosts:\n    a: { host: 10.0.0.1 }\n    b: { host: 10.0.0.1, shares_address: true }\n'
    expect(load({ 'inv.yml': shared }).inventory.hosts.size).toBe(2)
  })

  test('files of vars for groups of other inventories are nobody’s mistake', () => {
    const loaded = load({
      'inv.yml': 'cluster: { hosts: { a: } }\n',
      'group_vars/databases.yml': '[not even: read',
    })
    expect(loaded.notes).toEqual([])
  })
})
