import { createHash } from 'node:crypto'
import { buffer, text } from 'node:stream/consumers'
import { BringupError } from 'bringup'
import type { ApplyContext, ReadContext, Source } from 'bringup'
import { explainFailure } from '../../src/drbd/build_failure.ts'
import { AFTER_INSTALL, controlText, DEBIAN_PACKAGE, debianVersion } from '../../src/drbd/debian_package.ts'
import { patchSpec } from '../../src/drbd/spec_patch.ts'
import { debianBuild, rpmBuild } from '../../src/drbd/utils_build.ts'
import { utilsNeeds } from '../../src/drbd/utils_needs.ts'
import { granted } from '../../src/drbd/verdict.ts'
import type { Release } from '../../src/drbd/versions.ts'
import { output, runScript } from '../../src/operations/host_script.ts'
import { debScript, PREPARE, REPLACE, rpmScript } from './build_script.ts'
import { platformName, platformOf, WORKPLACE } from './places.ts'
import type { Host } from './places.ts'

/** The packages of one platform by the names of their files, with their bytes. */
export type Built = ReadonlyMap<string, Buffer>

interface Work {
  readonly release: Release
  readonly folder: string
  /** Where the pristine sources are. */
  readonly sources: string
  readonly work: string
  readonly out: string
}

/** Builds the packages for the platform of a builder, or takes them from what was built before. */
export async function build(builder: Host, release: Release, source: Source): Promise<Built> {
  const platform = platformOf(builder)
  await builder.package({ names: utilsNeeds(release, platform), recommends: false })
  const place = `${WORKPLACE}/${source.name}-${source.sha256.slice(0, 12)}`
  const sources = `${place}/source`
  for (const path of ['/var/lib/bringup', WORKPLACE, place]) await builder.directory({ path, mode: '0700' })
  await builder.archive({ path: sources, source: source.file, sha256: source.sha256, replace: true })
  const out = `${place}/${platformName(builder).replaceAll(' ', '-')}`
  const work: Work = { release, folder: source.folder, sources, work: `${out}.work`, out }
  let built: Built | null = null
  await builder.task(`build drbd-utils ${release.text}`, {
    async met(context) {
      built = await readBuilt(context, out)
      return built !== null || 'compile'
    },
    apply: (context) =>
      platform.manager === 'apt' ? buildDeb(context, work) : buildRpm(context, builder, work),
  })
  if (built !== null) return built
  throw new BringupError('INTERNAL', 'a build that was met gave nothing')
}

async function buildRpm(context: ApplyContext, builder: Host, work: Work): Promise<void> {
  const { release, folder } = work
  const rpm = (await output(context, 'ask rpm for its version', 'rpm --version', [])).toString()
  const how = granted(rpmBuild(release.text, rpm))
  await prepare(context, work)
  const spec = `${work.work}/${folder}/drbd.spec.in`
  const patched = granted(
    patchSpec(await text(await context.remote.download(spec)), {
      expected: how.sbinSymlinks,
      quote: how.quoteBareWords,
    }),
  )
  if (patched.sbinSymlinks === 'patched') builder.note('drbd.spec.in: %undefine with_sbinsymlinks was added')
  if (patched.quoted > 0) builder.note(`drbd.spec.in: words in ${patched.quoted} lines were put in quotes`)
  await replaceFile(context, spec, patched.text)
  const tarball = how.tarballInSources ? `${folder}.tar.gz` : null
  await compile(context, work, rpmScript({ ...how, tarball }))
}

async function buildDeb(context: ApplyContext, work: Work): Promise<void> {
  const { release } = work
  const architecture = (
    await output(context, 'ask dpkg for the architecture', 'dpkg --print-architecture', [])
  )
    .toString()
    .trim()
  await prepare(context, work)
  await output(context, 'make a folder', 'mkdir "$1"', [`${work.work}/DEBIAN`])
  const texts: [string, string, string][] = [
    ['control', controlText(release.version, architecture), '0644'],
    ['postinst', AFTER_INSTALL, '0755'],
  ]
  for (const [name, content, mode] of texts) {
    const path = `${work.work}/DEBIAN/${name}`
    await context.remote.upload(Buffer.from(content), path)
    await output(context, `write ${path}`, 'chmod "$2" "$1"', [path, mode])
  }
  const { commands, install } = granted(debianBuild(release.text))
  const root = `${work.work}/root`
  const file = `${DEBIAN_PACKAGE}_${debianVersion(release.version)}_${architecture}.deb`
  await compile(context, work, debScript({ commands, install: install(root), root, file }))
}

const parameters = ({ sources, folder, work, out }: Work): string[] => [sources, folder, work, out]

const prepare = (context: ApplyContext, work: Work): Promise<unknown> =>
  output(context, 'copy the sources', PREPARE, parameters(work))

async function replaceFile(context: ApplyContext, path: string, content: string): Promise<void> {
  await context.remote.upload(Buffer.from(content), `${path}.new`)
  await output(context, `write ${path}`, REPLACE, [`${path}.new`, path])
}

/** @throws BringupError COMMAND_FAILED with the lines that say why, and what they mean */
async function compile(context: ApplyContext, work: Work, script: string): Promise<void> {
  const { code, stdout, stderr } = await runScript(context, script, parameters(work))
  if (code === 0) return
  const { meaning, remedy, lines } = explainFailure(`${stdout.toString()}\n${stderr.toString()}`)
  const what = `drbd-utils ${work.release.text} can not be built`
  throw new BringupError('COMMAND_FAILED', meaning === null ? what : `${what}: ${meaning}`, {
    seen: lines.join('\n'),
    remedy: remedy ?? `Read the whole of it on the builder, in ${work.out}.log.`,
  })
}

/** What lies there with its sums; null where it is not whole. */
async function readBuilt(context: ReadContext, out: string): Promise<Built | null> {
  const { code, stdout } = await runScript(context, 'cat "$1/SHA256SUMS"', [out])
  if (code !== 0) return null
  const files = new Map<string, Buffer>()
  for (const line of stdout.toString().trimEnd().split('\n')) {
    const [sha256 = '', file = ''] = line.split(/\s+/)
    if ((await runScript(context, '[ -f "$1" ]', [`${out}/${file}`])).code !== 0) return null
    const bytes = await buffer(await context.remote.download(`${out}/${file}`))
    if (createHash('sha256').update(bytes).digest('hex') !== sha256) return null
    files.set(file, bytes)
  }
  return files
}
