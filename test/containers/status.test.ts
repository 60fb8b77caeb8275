import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { until } from '../support/until.ts'

// Containers have no DRBD in their kernel. Tools that only play theirs (stand-ins) show what is asked of them, and what is not.
const CONFIG = `<config file="/etc/drbd.conf"><resource name="r0">
${['server1', 'server2']
  .map(
    (name, index) => `<host name="${name}">
<volume vnr="0"><device minor="0">/dev/drbd0</device><disk>/dev/vdb</disk></volume>
<address family="ipv4" port="7788">192.168.111.10${index + 1}</address></host>`,
  )
  .join('\n')}
<section name="net">
<option name="shared-secret" value="hush"/>
<option name="fencing" value="resource-only"/>
</section>
</resource></config>`

let lab: Lab
beforeAll(async () => {
  lab = await raiseLab({ nodes: 2 })
})
afterAll(() => lab?.down())

const bringup = new URL('../../bin/bringup.js', import.meta.url).pathname

/** `bringup status` as a process, with its lines as they come. */
function status(...args: readonly string[]) {
  const child = spawn(process.execPath, [bringup, 'status', '-i', lab.inventory, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const exitCode = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? 128)))
  const text = async (): Promise<string> => {
    await exitCode
    return lines.join('\n') + said
  }
  return { child, lines, exitCode, text }
}

test('without DRBD and without a cluster', async () => {
  const one = status()
  expect(await one.text()).toBe('· without a cluster: server1, server2')
  expect(await one.exitCode).toBe(0)
})

test('a resource in the files, and no module: said, without a call that would load one', async () => {
  for (const node of ['server1', 'server2']) {
    await lab.exec(node, `cat >/usr/local/sbin/config.xml <<'EOF'\n${CONFIG}\nEOF`)
    await lab.exec(
      node,
      `cat >/usr/local/sbin/drbdadm <<'EOF'
#!/bin/sh
case $1$INIT_VERSION in
  dump-xmlstatus) cat /usr/local/sbin/config.xml ;;
  --version) echo DRBDADM_VERSION=9.22.0 ;;
  *) touch /root/asked ;;
esac
EOF
printf '#!/bin/sh\\ntouch /root/asked\\n' >/usr/local/sbin/drbdsetup
chmod 755 /usr/local/sbin/drbd*`,
    )
  }
  const one = status()
  const text = await one.text()
  expect(text).toContain('✗ r0 is not up on server1: no drbd module is loaded there')
  expect(text).toContain('r0  quorum off, fencing resource-only')
  expect(await one.exitCode).toBe(2)
  const json = status('--output', 'json')
  expect(await json.text()).not.toContain('hush')
  for (const node of ['server1', 'server2'])
    expect((await lab.exec(node, 'ls /root/asked')).exitCode).not.toBe(0)
})

test('watched: one connection for each host; a node that goes and comes back is told; ended, it is 130', async () => {
  const watch = status('--watch', '1', '--output', 'json')
  type Told = { unreachable: { host: string }[] }
  const last = (): Told | undefined => {
    const line = watch.lines.at(-1)
    return line === undefined ? undefined : (JSON.parse(line) as Told)
  }
  const isAway = () =>
    last()
      ?.unreachable.map(({ host }) => host)
      .join()
  await until(async () => watch.lines.length >= 3)
  expect(isAway()).toBe('')
  const logins = await lab.exec('server1', 'journalctl -t sshd --no-pager | grep -c "Accepted publickey"')
  const before = watch.lines.length
  await until(async () => watch.lines.length >= before + 2)
  expect(
    (await lab.exec('server1', 'journalctl -t sshd --no-pager | grep -c "Accepted publickey"')).stdout,
  ).toBe(logins.stdout)

  await lab.powerOff('server2')
  await until(async () => isAway() === 'server2')
  // The others are asked on meanwhile.
  const count = watch.lines.length
  await until(async () => watch.lines.length >= count + 3)
  await lab.powerOn('server2')
  await until(async () => isAway() === '')

  watch.child.kill('SIGINT')
  expect(await watch.exitCode).toBe(130)
})

test('watched without a terminal: whole at first, then nothing as long as nothing changes', async () => {
  const watch = status('--watch', '0.5')
  await until(async () => watch.lines.some((line) => line.includes('not up: no module is loaded')))
  const first = [...watch.lines]
  await lab.exec('server1', 'rm /usr/local/sbin/drbdadm')
  await until(async () => watch.lines.length > first.length)
  expect(watch.lines.slice(first.length).join('\n')).toMatch(/^\d\d:\d\d:\d\d - ✗ DRBD/)
  watch.child.kill('SIGTERM')
  expect(await watch.exitCode).toBe(130)
})
