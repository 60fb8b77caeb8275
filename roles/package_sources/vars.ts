import { z } from 'bringup'
import { absolutePath } from '../../src/operations/params.ts'

const pattern = z
  .string()
  .regex(/^[A-Za-z0-9*?][A-Za-z0-9*?+._-]*$/, 'must be the name of a package, where * is anything')

const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, 'must be letters, digits, "_" and "-": it is the name of the file')

const line = z.string().regex(/^[^\s\n\r](.*[^\s\n\r])?$/, 'must be one line')
const url = z
  .string()
  .regex(/^(https?|ftp|file|cdrom|mirror[+a-z]*):\S+$/, 'must be a URL, as https://example.org/el7/')

const signature = {
  key_file: z
    .string()
    .min(1)
    .optional()
    .describe('The public key that signs it: a file beside the playbook, which goes to the nodes'),
  signed: z.boolean().default(true).describe('False takes packages that nobody has signed'),
}
const isSigned = ({ signed, key_file }: { signed: boolean; key_file?: string | undefined }): boolean =>
  signed === (key_file !== undefined)
const WITHOUT_KEY = 'needs key_file, or signed: false where nobody signs it'

const yumRepository = z
  .strictObject({
    name,
    description: line.optional(),
    baseurl: z.union([url.transform((one) => [one]), z.array(url).min(1)]),
    ...signature,
    enabled: z.boolean().default(true),
  })
  .refine(isSigned, WITHOUT_KEY)

const aptRepository = z
  .strictObject({
    name,
    uris: z.union([url.transform((one) => [one]), z.array(url).min(1)]),
    suites: z.union([line.transform((one) => [one]), z.array(line).min(1)]),
    components: z.array(line).default([]).describe('Left out for a suite that ends with "/"'),
    architectures: z.array(line).default([]),
    ...signature,
    enabled: z.boolean().default(true),
  })
  .refine(isSigned, WITHOUT_KEY)
  .refine(
    ({ suites, components }) => suites.every((suite) => suite.endsWith('/') === (components.length === 0)),
    'a suite needs components, but one that ends with "/", which has none',
  )

export const packageSourcesVars = z.strictObject({
  package_exclude: z
    .array(pattern)
    .default([])
    .describe(
      'Packages that the distribution must not bring, since a vendor does: pacemaker*, corosync*. Left out, nothing is kept apart.',
    ),
  package_exclude_yum: z
    .array(z.strictObject({ file: absolutePath, sections: z.array(line).min(1) }))
    .default([])
    .describe(
      'The files of repositories that get the exclude= lines, each with its sections: /etc/yum.repos.d/CentOS-Base.repo, base and updates.',
    ),
  package_exclude_apt: line
    .optional()
    .describe(
      'Where they must not come from, as apt_preferences(5) says it: release o=Debian. The distribution, when left out.',
    ),
  yum_repositories: z
    .array(yumRepository)
    .default([])
    .describe('Repositories of vendors, for hosts with yum or dnf.'),
  apt_repositories: z
    .array(aptRepository)
    .default([])
    .describe('Repositories of vendors, for hosts with apt.'),
})

export type PackageSourcesVars = z.output<typeof packageSourcesVars>
export type YumRepository = PackageSourcesVars['yum_repositories'][number]
export type AptRepository = PackageSourcesVars['apt_repositories'][number]
