// `npm run demo`: a lab of real nodes, a cluster with a virtual IP on it, and how long the address is away when it moves.
import { randomBytes } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { BringupError } from '../src/errors.ts'
import { reportError } from '../src/run/error_report.ts'
import { errorText } from '../src/report/error_text.ts'
import { painter } from '../src/report/style.ts'
import { openLab, raiseLab } from './lab/raise.ts'

const root = new URL('..', import.meta.url).pathname
process.chdir(root)
const paint = painter(process.stdout.hasColors?.() ?? false)
const heading = (text: string): void => console.log(`\n${paint('bold', `── ${text}`)}`)

const { values: options } = parseArgs({
  options: {
    keep: { type: 'boolean', default: false },
    nodes: { type: 'string', default: '2' },
    name: { type: 'string', default: 'demo' },
  },
})

try {
  process.exitCode = await demo()
} catch (error) {
  if (!(error instanceof BringupError)) throw error
  console.error(errorText(reportError(error), paint))
  process.exitCode = error.exitCode
}

async function demo(): Promise<number> {
  const { name, keep } = options
  heading(`A lab of ${options.nodes} nodes, and a client outside of the cluster`)
  await (await openLab(name))?.down()
  const lab = await raiseLab({
    name,
    nodes: Number(options.nodes),
    client: true,
    owned: !keep,
    say: console.log,
  })
  try {
    console.log([...lab.nodes, lab.client].map((node) => `${node?.name} ${node?.address}`).join('   '))

    const passwordFile = join(lab.dir, 'hacluster')
    const password = randomBytes(18).toString('base64url')
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
    const run = (playbook: string): number => {
      const args = ['run', playbook, '-i', relative(root, lab.inventory), '-i', 'inventory/lab.yml']
      console.log(paint('dim', `bringup ${args.join(' ')}`))
      const env = { ...process.env, HACLUSTER_PASSWORD: password }
      return spawnSync('bin/bringup.js', args, { stdio: 'inherit', env }).status ?? 1
    }

    heading('Two bare machines become a cluster')
    const installed = run('playbooks/vip-cluster.yml')
    if (installed !== 0) return installed

    heading('What the cluster says of itself')
    const { stdout } = await lab.exec('server1', 'pcs status; ip -brief -4 address show scope global')
    console.log(stdout.trimEnd())

    heading('The virtual IP moves to the other node, and back')
    const drilled = run('playbooks/drill-standby.yml')
    if (keep) {
      heading('The lab stays up')
      console.log(`log in      npm run lab -- ssh server1 --name ${name}`)
      console.log(
        `run again   HACLUSTER_PASSWORD=$(cat ${relative(root, passwordFile)}) npx bringup run playbooks/vip-cluster.yml -i ${relative(root, lab.inventory)} -i inventory/lab.yml`,
      )
      console.log(`take down   npm run lab -- down --name ${name}`)
    }
    return drilled
  } finally {
    if (!keep) {
      await lab.down()
      console.log(paint('dim', '\nThe lab is down.'))
    }
  }
}
