import { spawnSync } from 'node:child_process'
import { relative } from 'node:path'
import { Command, Option } from 'commander'
import { asBringupError, BringupError } from '../src/errors.ts'
import { takeDown } from './lab/down.ts'
import type { Lab } from './lab/handle.ts'
import { needRoot } from './lab/packages.ts'
import { labPlace } from './lab/place.ts'
import { openLab, raiseLab } from './lab/raise.ts'
import { allPlaces, kinds, releases } from './lab/state.ts'
import type { Kind, LabNode, Release } from './lab/state.ts'
import { statusOf } from './lab/status.ts'
import { onVagrant, usage } from './vagrant/command.ts'

const say = (line: string): void => console.error(line)
const here = (path: string): string => {
  const short = relative(process.cwd(), path)
  return short.startsWith('..') ? path : short
}

interface UpOptions {
  name: string
  nodes: number
  kind: Kind
  release: Release
  client?: boolean
  builder?: boolean
  warm?: string[]
  installed?: string[]
}

const program = new Command('lab')
  .description(
    'Raise and take down labs of real nodes: containers or virtual machines on a network of their own',
  )
  .addHelpText('after', `\nWith Vagrant's machines instead:\n${usage}`)
  .showHelpAfterError()
const name = () => new Option('-n, --name <name>', 'which lab').default('default')

program
  .command('up')
  .description('raise a lab')
  .addOption(name())
  .option('--nodes <number>', 'how many servers', Number, 2)
  .addOption(new Option('--kind <kind>', 'what the nodes are').choices(kinds).default('containers'))
  .addOption(new Option('--release <release>', 'Debian of the nodes').choices(releases).default('bookworm'))
  .option('--client', 'one more container, outside of the cluster, that drills measure from')
  .option('--builder', 'one more container, outside of the cluster, that compiles')
  .option('--warm <package...>', 'have these in the nodes’ apt cache; "cluster" for those of a cluster')
  .option('--installed <package...>', 'have these installed on virtual machines, their services off')
  .action(async (options: UpOptions) => {
    const running = await openLab(options.name)
    if (running !== undefined) {
      for (const { name } of machinesOf(running)) await running.powerOn(name)
      console.log(`lab ${running.name} is up already`)
      return describe(running)
    }
    const begin = performance.now()
    const { builder, ...others } = options
    const lab = await raiseLab({ ...others, ...(builder ? { builder: {} } : {}), owned: false, say })
    console.log(`lab ${lab.name} is up: ${options.release}, in ${seconds(begin)}`)
    describe(lab)
  })

program
  .command('down')
  .description('take a lab down, also after a crash')
  .addOption(name())
  .option('--all', 'every lab of this project')
  .action(async (options: { name: string; all?: boolean }) => {
    needRoot('taking a lab down')
    for (const place of options.all ? await allPlaces() : [labPlace(options.name)]) {
      const begin = performance.now()
      const was = await takeDown(place)
      console.log(was ? `lab ${place.name} is down, in ${seconds(begin)}` : `lab ${place.name} is not up`)
    }
  })

program
  .command('status')
  .description('list the labs and their nodes')
  .action(async () => {
    const places = await allPlaces()
    if (places.length === 0) console.log('no lab is up')
    for (const place of places) console.log(await statusOf(place))
  })

program
  .command('reinstall')
  .description('put a new machine in the place of a node, as one that failed is replaced')
  .argument('<node>')
  .addOption(name())
  .option('--keep-spare', 'with the spare disk as it is')
  .action(async (node: string, { name: lab, keepSpare }: { name: string; keepSpare?: boolean }) => {
    await (await opened(lab)).reinstall(node, { spare: keepSpare ? 'kept' : 'new' })
  })

program
  .command('ssh')
  .description('log in to a node, or run a command there')
  .argument('<node>')
  .argument('[command...]')
  .addOption(name())
  .action(async (node: string, command: string[], options: { name: string }) => {
    const { sshConfig } = await opened(options.name)
    const { status } = spawnSync('ssh', ['-F', sshConfig, node, ...command], { stdio: 'inherit' })
    process.exitCode = status ?? 255
  })

const machinesOf = ({ nodes, client, builder }: Lab): LabNode[] =>
  [...nodes, client, builder].filter((machine) => machine !== undefined)

async function opened(lab: string): Promise<Lab> {
  const found = await openLab(lab)
  if (found !== undefined) return found
  throw new BringupError('LAB_FAILED', `lab ${lab} is not up`, {
    remedy: `Raise it: npm run lab -- up --name ${lab}`,
  })
}

function describe(lab: Lab): void {
  const nameOption = lab.name === 'default' ? '' : ` --name ${lab.name}`
  console.log(
    machinesOf(lab)
      .map((node) => `  ${node.name.padEnd(9)} ${node.address}`)
      .join('\n'),
  )
  console.log(`log in     npm run lab -- ssh server1${nameOption}`)
  console.log(`           ssh -F ${here(lab.sshConfig)} server1`)
  console.log(`inventory  ${here(lab.inventory)}`)
}

const seconds = (begin: number): string => `${((performance.now() - begin) / 1000).toFixed(1)} s`

try {
  const [first, ...rest] = process.argv.slice(2)
  if (first === '--vagrant') process.exitCode = await onVagrant(rest, say)
  else await program.parseAsync()
} catch (error) {
  const { code, message, details, exitCode } = asBringupError(error)
  console.error(`${code}: ${message}`)
  if (details.seen !== undefined) console.error(details.seen)
  if (details.remedy !== undefined) console.error(`→ ${details.remedy}`)
  process.exitCode = exitCode
}
