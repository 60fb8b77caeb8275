import { posix } from 'node:path'
import { defineRole } from 'bringup'
import type { Node } from 'bringup'
import { aptText, excludeWith, pinText, sectionsOf, yumText } from './texts.ts'
import { packageSourcesVars } from './vars.ts'
import type { AptRepository, PackageSourcesVars, YumRepository } from './vars.ts'

type Host = Node<PackageSourcesVars>

export default defineRole({
  summary: "Vendors' package repositories are there, and the distribution brings nothing that theirs do",
  vars: packageSourcesVars,

  async run({ nodes }) {
    await nodes.each(async (node) => {
      if (node.facts.packageManager === 'apt') await aptHost(node)
      else await yumHost(node)
    })
  },
})

async function yumHost(node: Host): Promise<void> {
  const { package_exclude: packages, package_exclude_yum: places, yum_repositories: repositories } = node.vars
  if (packages.length > 0) {
    await node.require(
      'it is said where packages are to be excluded',
      async () => places.length > 0 || 'package_exclude_yum is empty',
      'Name the files and sections of the distribution: grep -H "^\\[" /etc/yum.repos.d/*.repo',
    )
    for (const { file, sections } of places)
      for (const section of sections) await exclude(node, file, section)
  }
  for (const repository of repositories) await yumRepository(node, repository)
}

/** Before the vendor's repository is there: packages of both would be mixed. */
async function exclude(node: Host, file: string, section: string): Promise<void> {
  const text = (await node.readText(file)) ?? ''
  const there = sectionsOf(text)
  await node.require(
    `${file} has the section ${section}`,
    async () => there.includes(section) || (there.length === 0 ? 'there is no such file' : there.join(', ')),
    'Correct package_exclude_yum: a section made anew would be a repository without an address.',
  )
  const value = excludeWith(text, section, node.vars.package_exclude)
  const task = `ini ${file}: [${section}] exclude`
  if (value !== null) await node.ini({ path: file, section, values: { exclude: value } }, { name: task })
}

async function yumRepository(node: Host, repository: YumRepository): Promise<void> {
  const key = await publicKey(node, repository, `/etc/pki/rpm-gpg/RPM-GPG-KEY-${repository.name}`)
  await node.file({
    path: `/etc/yum.repos.d/${repository.name}.repo`,
    content: yumText(repository, key),
    mode: '0644',
  })
}

async function aptHost(node: Host): Promise<void> {
  const { package_exclude: packages, package_exclude_apt: said, apt_repositories: repositories } = node.vars
  const path = '/etc/apt/preferences.d/bringup-exclude'
  if (packages.length > 0) {
    const from = said ?? DISTRIBUTIONS[node.facts.os.id]
    await node.require(
      'it is known what the distribution calls itself',
      async () => from !== undefined || node.facts.os.name,
      'Say it in package_exclude_apt, as apt-cache policy shows it: release o=NAME',
    )
    if (from !== undefined) await node.file({ path, content: pinText(packages, from), mode: '0644' })
  }
  for (const repository of repositories) await aptRepository(node, repository)
}

const DISTRIBUTIONS: Readonly<Record<string, string>> = {
  debian: 'release o=Debian',
  ubuntu: 'release o=Ubuntu',
}

async function aptRepository(node: Host, repository: AptRepository): Promise<void> {
  // apt tells text from bytes by the name.
  const ending = repository.key_file?.endsWith('.gpg') === true ? 'gpg' : 'asc'
  const key = await publicKey(node, repository, `/etc/apt/keyrings/${repository.name}.${ending}`)
  await node.file({
    path: `/etc/apt/sources.list.d/${repository.name}.sources`,
    content: aptText(repository, key),
    mode: '0644',
  })
}

/** @returns its path on the host; null where nobody signs */
async function publicKey(
  node: Host,
  { key_file: source }: { key_file?: string | undefined },
  path: string,
): Promise<string | null> {
  if (source === undefined) return null
  await node.directory({ path: posix.dirname(path), parents: true })
  await node.file({ path, source, mode: '0644' })
  return path
}
