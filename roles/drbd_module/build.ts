import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { BringupError } from 'bringup'
import type { ApplyContext, Node, ReadContext, Source } from 'bringup'
import { explainFailure } from '../../src/drbd/build_failure.ts'
import { manifestText, readManifest } from '../../src/drbd/module_manifest.ts'
import type { ModuleManifest } from '../../src/drbd/module_manifest.ts'
import { moduleFiles } from '../../src/drbd/module_files.ts'
import { granted } from '../../src/drbd/verdict.ts'
import { runScript } from '../../src/operations/host_script.ts'
import { BUILD_SCRIPT, BUILT_SCRIPT } from './build_script.ts'
import type { DrbdModuleVars } from './vars.ts'

/** Where a builder keeps sources and what was built of them. */
export const WORKPLACE = '/var/lib/bringup/drbd'

/** The modules of one kernel, with their bytes. */
export interface Built {
  readonly manifest: ModuleManifest
  readonly files: ReadonlyMap<string, Buffer>
}

export interface Order {
  readonly version: string
  readonly kernel: string
  readonly source: Source
  /** Its headers, as a path on the builder. */
  readonly kdir: string
}

/** Builds the modules for one kernel, or takes them from what was built before. */
export async function build(builder: Node<DrbdModuleVars>, order: Order): Promise<Built> {
  const { source, kernel, version } = order
  const place = `${WORKPLACE}/${source.name}-${source.sha256.slice(0, 12)}`
  const sources = `${place}/source`
  for (const path of ['/var/lib/bringup', WORKPLACE, place]) await builder.directory({ path, mode: '0700' })
  await builder.archive({
    path: sources,
    source: source.file,
    sha256: source.sha256,
    strip: 1,
    replace: true,
  })
  const { drbd_signing: signing } = builder.vars
  const out = `${place}/${kernel}${signing === undefined ? '' : '-signed'}`
  let built: Built | null = null
  await builder.task(`build DRBD ${version} for ${kernel}`, {
    async met(context) {
      built = await readBuilt(context, out, { order, signed: signing !== undefined })
      return built !== null || 'compile'
    },
    async apply(context) {
      const parameters = [sources, order.kdir, kernel, out, signing?.key ?? '', signing?.certificate ?? '']
      const { code, stdout } = await runScript(context, BUILD_SCRIPT, parameters)
      if (code !== 0) throw buildFailed(order, stdout.toString())
      const files = checkBuilt(order, readFiles(stdout.toString()))
      const manifest = {
        name: source.name,
        source: source.sha256,
        kernel,
        signed: signing !== undefined,
        files,
      }
      await keep(context, out, manifest)
    },
  })
  return built ?? never()
}

async function keep({ remote }: ApplyContext, out: string, manifest: ModuleManifest): Promise<void> {
  await remote.upload(Buffer.from(manifestText(manifest)), `${out}.new/manifest.json`)
  const { code, stderr } = await runScript({ remote }, 'rm -rf "$1" && mv "$1.new" "$1"', [out])
  if (code !== 0)
    throw new BringupError('WRITE_FAILED', `cannot keep what was built in ${out}`, {
      seen: stderr.toString().trim(),
    })
}

interface BuiltFile {
  readonly file: string
  readonly sha256: string
  readonly srcversion: string
  readonly version: string
  readonly vermagic: string
}

function readFiles(text: string): BuiltFile[] {
  return text.split('\n').flatMap((line) => {
    const [mark, file, sha256, srcversion, version, vermagic] = line.split('\t')
    if (mark !== 'built' || file === undefined) return []
    return [
      {
        file,
        sha256: sha256 ?? '',
        srcversion: srcversion ?? '',
        version: version ?? '',
        vermagic: vermagic ?? '',
      },
    ]
  })
}

/** Holds what came out of a build against what has to. @throws BringupError REFUSED */
export function checkBuilt(
  { version, kernel }: Pick<Order, 'version' | 'kernel'>,
  files: readonly BuiltFile[],
): ModuleManifest['files'] {
  const wanted = granted(moduleFiles(version)).files.filter(({ onlyWith }) => onlyWith === null)
  const missing = wanted.filter(({ file }) => !files.some((one) => one.file === file)).map(({ file }) => file)
  const wrong = [
    ...missing.map((file) => `no ${file}`),
    ...files.flatMap(({ file, vermagic }) =>
      vermagic.split(' ')[0] === kernel ? [] : [`${file} is for the kernel ${vermagic.split(' ')[0]}`],
    ),
    ...files.flatMap((one) =>
      one.file === 'drbd.ko' && one.version !== version.replace(/-.*/, '')
        ? [`drbd.ko is version ${one.version}`]
        : [],
    ),
  ]
  if (wrong.length > 0)
    throw new BringupError('REFUSED', `the build of DRBD ${version} did not give what it has to`, {
      expected: `${wanted.map(({ file }) => file).join(', ')} of version ${version} for ${kernel}`,
      seen: wrong.join('; '),
      remedy: 'Look whether the tarball and the headers are what they should be; nothing was installed.',
    })
  return files.map(({ file, sha256, srcversion }) => ({ file, sha256, srcversion }))
}

function buildFailed({ version, kernel }: Order, output: string): BringupError {
  const { meaning, remedy, lines } = explainFailure(output)
  return new BringupError(
    'COMMAND_FAILED',
    `DRBD ${version} does not compile for ${kernel}${meaning === null ? '' : `: ${meaning}`}`,
    {
      seen: lines.join('\n'),
      remedy: remedy ?? `Read the whole of it on the builder, in ${WORKPLACE}/*/${kernel}.log.`,
    },
  )
}

/** What lies in `out`, with its bytes; null where it is not whole or not what is wanted. */
async function readBuilt(
  context: ReadContext,
  out: string,
  { order: { source, kernel }, signed }: { order: Order; signed: boolean },
): Promise<Built | null> {
  const { code, stdout } = await runScript(context, BUILT_SCRIPT, [out])
  if (code !== 0) return null
  const manifest = readManifest(stdout.toString())
  if (manifest === null || manifest.source !== source.sha256) return null
  if (manifest.kernel !== kernel || manifest.signed !== signed) return null
  const files = new Map<string, Buffer>()
  for (const { file, sha256 } of manifest.files) {
    const bytes = await buffer(await context.remote.download(`${out}/${file}`))
    if (createHash('sha256').update(bytes).digest('hex') !== sha256) return null
    files.set(file, bytes)
  }
  return { manifest, files }
}

function never(): never {
  throw new BringupError('INTERNAL', 'a build that was met gave nothing')
}
