import { execFileSync } from 'node:child_process'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { bringupRun } from '../support/bringup.ts'
import { errorsIn, runEnd } from '../support/engine_project.ts'
import { onTerminal } from '../support/on_terminal.ts'
import { addFiles, project } from '../support/project.ts'
import { STANDIN_VERSION, standinTarball } from '../support/standin_tarball.ts'

/** What a node needs to have a kernel, as a machine has one, and to build for it. */
const WARM = [
  'linux-image-amd64',
  'linux-headers-amd64',
  'initramfs-tools',
  'gcc',
  'make',
  'patch',
  'libelf-dev',
]

let lab: Lab
let kernel = ''
const sh = async (script: string): Promise<string> => {
  const { exitCode, stdout, stderr } = await lab.exec('server1', script)
  expect(exitCode, `${script}: ${stderr}`).toBe(0)
  return stdout.trim()
}

/** A container runs the kernel of its machine: it is made to say that it runs another, which it could not load from. */
const pretend = (release: string): Promise<string> =>
  sh(`umount /proc/sys/kernel/osrelease 2>/dev/null
    echo ${release} >/root/osrelease && mount --bind /root/osrelease /proc/sys/kernel/osrelease`)

beforeAll(async () => {
  await standinTarball()
  lab = await raiseLab({ nodes: 1, warm: WARM })
  const install = 'DEBIAN_FRONTEND=noninteractive apt-get install -qy'
  // An initramfs with every driver takes a minute to make; this one has what is looked for in it.
  await sh(`${install} initramfs-tools >/dev/null 2>&1
    echo MODULES=list >/etc/initramfs-tools/conf.d/lab && echo drbd >/etc/initramfs-tools/modules
    ${install} linux-image-amd64 >/dev/null 2>&1`)
  kernel = await sh('cd /lib/modules && ls -d *-amd64')
})
afterAll(() => lab?.down())

let directory = ''
beforeEach(async () => {
  directory = project({
    'site.yml': `- name: DRBD
  hosts: cluster
  vars: { drbd_version: '${STANDIN_VERSION}', drbd_tarball: drbd.tar.gz }
  roles: [drbd_module]
`,
  })
  copyFileSync(lab.inventory, join(directory, 'inventory.yml'))
  copyFileSync(await standinTarball(), join(directory, 'drbd.tar.gz'))
})

const run = (...args: readonly string[]) =>
  bringupRun(['site.yml', '-i', 'inventory.yml', ...args], { cwd: directory })
const folder = (): string => `/lib/modules/${kernel}/updates/drbd`

test('headers that are not to be had are told, with the package and the reboot that are missing', async () => {
  await pretend('6.1.0-1-amd64')
  await sh('mkdir -p /lib/modules/6.1.0-1-amd64')
  lockStandin()
  const { exitCode, events, output } = await run()
  expect(exitCode, output).toBe(2)
  expect(runEnd(events).error).toMatchObject({
    code: 'REFUSED',
    expected: 'the package linux-headers-6.1.0-1-amd64 on server1',
    remedy: expect.stringContaining('reboot: true') as unknown,
  })
  await sh('rmdir /lib/modules/6.1.0-1-amd64')
})

test('what the compiler says is explained, with its lines', async () => {
  await pretend(kernel)
  breakStandin()
  lockStandin()
  const { exitCode, events, output } = await run()
  expect(exitCode, output).toBe(2)
  expect(errorsIn(events).at(-1)).toMatchObject({
    code: 'COMMAND_FAILED',
    message: `DRBD ${STANDIN_VERSION} does not compile for ${kernel}: the kernel is newer than this DRBD supports, or its vendor changed it`,
    seen: expect.stringMatching(
      /drbd_main\.c:\d+:\d+: error: implicit declaration of function .no_such_thing/,
    ) as unknown,
  })
  expect(await sh(`ls -d ${folder()} 2>/dev/null || echo none`)).toBe('none')
})

test('the operator is asked about the tarball; then it is built, installed, and in the initramfs', async () => {
  await pretend(kernel)
  expect(await sh(`lsinitramfs /boot/initrd.img-${kernel} | grep '/drbd\\.ko'`)).toContain(
    '/kernel/drivers/block/',
  )
  const asked = await onTerminal(
    ['run', 'site.yml', '-i', 'inventory.yml'],
    { '(yes/no)': 'yes' },
    { cwd: directory, env: process.env },
  )
  expect(asked.unasked, asked.output).toEqual([])
  expect(readFileSync(join(directory, 'sources.lock.yml'), 'utf8')).toContain(`drbd-${STANDIN_VERSION}:`)

  expect(await sh(`ls ${folder()}`)).toBe('drbd.ko\nmanifest.json')
  expect(await sh(`modinfo -k ${kernel} -n drbd`)).toBe(`${folder()}/drbd.ko`)
  expect(await sh(`modinfo -k ${kernel} -F standin drbd`)).toBe('made by tests')
  expect(await sh(`lsinitramfs /boot/initrd.img-${kernel} | grep '/drbd\\.ko'`)).toMatch(
    /\/updates\/drbd\/drbd\.ko$/,
  )
  // A container loads nothing: that is as far as it comes, and it says so.
  expect(asked.exitCode).toBe(2)
  expect(asked.output).toMatch(/drbd can not be loaded: the module is not installed for the running kernel/)
})

test('the next run builds and installs nothing', async () => {
  await pretend(kernel)
  const { changed, events } = await run()
  expect(changed).toEqual([])
  expect(events.some((event) => event.type === 'task_start' && event.task.startsWith('build'))).toBe(false)
})

test('what was tampered with is put right, out of what was built', async () => {
  await pretend(kernel)
  await sh(`echo >>${folder()}/drbd.ko`)
  lockStandin()
  const { changed, events } = await run()
  expect(changed).toEqual([`server1 drbd-${STANDIN_VERSION} for ${kernel}`])
  expect(events).toContainEqual(
    expect.objectContaining({
      type: 'task_end',
      task: `build DRBD ${STANDIN_VERSION} for ${kernel}`,
      status: 'ok',
    }),
  )
})

test("the kernel's own is refused where a built one is in its place", async () => {
  await pretend(kernel)
  const { exitCode, events } = await run('-e', 'drbd_version=in-tree')
  expect(exitCode).toBe(2)
  expect(errorsIn(events).at(-1)).toMatchObject({
    code: 'REFUSED',
    seen: `${folder()}/drbd.ko comes before it`,
  })
})

test('modules are signed with the key that is named', async () => {
  await pretend(kernel)
  await sh(
    `openssl req -new -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=Lab modules/' -outform DER -keyout /root/mok.key -out /root/mok.der 2>/dev/null`,
  )
  addFiles(directory, {
    'group_vars/all.yml': 'drbd_signing: { key: /root/mok.key, certificate: /root/mok.der }\n',
  })
  lockStandin()
  await run()
  expect(await sh(`modinfo -k ${kernel} -F signer drbd`)).toBe('Lab modules')
})

/** As a person would, who has it from elsewhere. */
function lockStandin(): void {
  const [sum = ''] = execFileSync('sha256sum', [join(directory, 'drbd.tar.gz')])
    .toString()
    .split(' ')
  writeFileSync(
    join(directory, 'sources.lock.yml'),
    `sources:\n  drbd-${STANDIN_VERSION}: { sha256: "${sum}" }\n`,
  )
}

/** As it is with a kernel that is too new: a function that is no more. */
function breakStandin(): void {
  execFileSync(
    'sh',
    [
      '-c',
      `tar -xzf drbd.tar.gz && echo 'int broken(void) { return no_such_thing(); }' >>drbd-${STANDIN_VERSION}/drbd/drbd_main.c &&
        tar -czf drbd.tar.gz drbd-${STANDIN_VERSION} && rm -r drbd-${STANDIN_VERSION}`,
    ],
    { cwd: directory },
  )
}
