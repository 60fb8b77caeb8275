import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkBuilt } from '../../../roles/drbd_module/build.ts'
import {
  dueKernels,
  inUse,
  isInstalled,
  isLeftOver,
  kernelPackage,
  outdated,
  versionVerdicts,
} from '../../../roles/drbd_module/decide.ts'
import { readLook } from '../../../roles/drbd_module/look.ts'
import type { KernelModules, NodeModules } from '../../../roles/drbd_module/look.ts'
import { manifestText, readManifest } from '../../../src/drbd/module_manifest.ts'
import type { ModuleManifest } from '../../../src/drbd/module_manifest.ts'

const A = 'a'.repeat(64)
const B = 'b'.repeat(64)
const K = '6.1.0-56-amd64'
const wanted = { name: 'drbd-9.2.16', signed: false }

const manifest: ModuleManifest = {
  name: 'drbd-9.2.16',
  source: A,
  kernel: K,
  signed: false,
  files: [
    { file: 'drbd.ko', sha256: A, srcversion: '1' },
    { file: 'drbd_transport_tcp.ko', sha256: B, srcversion: '2' },
  ],
}
const installed: KernelModules = {
  release: K,
  manifest,
  sums: { 'drbd.ko': A, 'drbd_transport_tcp.ko': B },
  place: `/lib/modules/${K}/updates/drbd/drbd.ko`,
}
const bare: KernelModules = {
  release: K,
  manifest: null,
  sums: {},
  place: `/lib/modules/${K}/kernel/drivers/block/drbd/drbd.ko`,
}
const node = (over: Partial<NodeModules> = {}): NodeModules => ({
  running: K,
  kernels: [installed],
  modules: [],
  devices: [],
  enforcing: null,
  ...over,
})
const loadedAs = (version: string, srcversion = '1'): NodeModules['modules'] => [
  { module: 'drbd', loaded: { version, srcversion }, file: { version: '9.2.16', srcversion: '1' } },
]

describe('whether a kernel has the modules', () => {
  test('it has, with all files and in the place of its own', () =>
    expect(isInstalled(installed, wanted)).toBe(true))

  test.each<[string, KernelModules, Partial<typeof wanted>]>([
    ['nothing is there', bare, {}],
    ['another version is wanted', installed, { name: 'drbd-9.2.17' }],
    ['signed ones are wanted', installed, { signed: true }],
    ['a file is gone', { ...installed, sums: { 'drbd.ko': A } }, {}],
    ['a file is another', { ...installed, sums: { ...installed.sums, 'drbd.ko': B } }, {}],
    ['there is one more', { ...installed, sums: { ...installed.sums, 'x.ko': A } }, {}],
    ["the kernel's own comes before it", { ...installed, place: bare.place }, {}],
    ['depmod did not run', { ...installed, place: null }, {}],
    ['it is of another kernel', { ...installed, manifest: { ...manifest, kernel: '6.1.0-1-amd64' } }, {}],
  ])('not where %s', (_, kernel, over) => expect(isInstalled(kernel, { ...wanted, ...over })).toBe(false))
})

test('each kernel that some node lacks the modules for is built for once', () => {
  const states = fc.constantFrom('installed', 'bare')
  const kernels = fc.dictionary(fc.constantFrom('6.1.0-1', '6.1.0-2', '6.1.0-3'), states)
  fc.assert(
    fc.property(fc.array(kernels, { maxLength: 4 }), (nodes) => {
      const looked = nodes.map((found, index) => ({
        node: `server${index}`,
        modules: node({
          kernels: Object.entries(found).map(([release, state]) =>
            state === 'bare'
              ? { ...bare, release }
              : {
                  ...installed,
                  release,
                  manifest: { ...manifest, kernel: release },
                  place: `/lib/modules/${release}/updates/drbd/drbd.ko`,
                },
          ),
        }),
      }))
      const due = dueKernels(looked, wanted)
      expect(new Set(due).size).toBe(due.length)
      const lacking = nodes.flatMap((found) =>
        Object.keys(found).filter((release) => found[release] === 'bare'),
      )
      expect(new Set(due)).toEqual(new Set(lacking))
    }),
  )
})

test.each([
  ['6.1.0-9-amd64', ['6.1.0-10-amd64'], true],
  ['6.1.0-10-amd64', ['6.1.0-10-amd64'], false],
  ['6.1.0-11-amd64', ['6.1.0-10-amd64', '6.1.0-12-amd64'], false],
  ['3.10.0-957.12.2.vz7.96.21', ['3.10.0-1127.8.2.vz7.151.14'], true],
])('whether nothing boots %s where %j run: %s', (kernel, running, left) =>
  expect(isLeftOver(kernel, running)).toBe(left),
)

describe('what speaks against a version', () => {
  const refused = (version: string, nodes: readonly NodeModules[], utils: string | null = null): string[] =>
    versionVerdicts(
      version,
      nodes.map((modules, index) => ({ node: `server${index + 1}`, modules })),
      utils,
    ).refusals.map((refusal) => refusal.refused)

  test('nothing', () => expect(refused('9.2.16', [node(), node()], '9.27.0')).toEqual([]))
  test('a kernel that is too old', () =>
    expect(refused('9.3.0', [node({ running: '3.10.0-1160.el7.x86_64' })])).toEqual([
      'DRBD 9.3.0 does not build on the kernel 3.10.0-1160.el7.x86_64',
    ]))
  test('utils that are too old', () =>
    expect(refused('9.2.16', [node()], '9.1.0')).toEqual(['drbd-utils 9.1.0 are too old for DRBD 9.2.16']))
  test('a peer that is up and does not talk with it', () =>
    expect(refused('9.2.16', [node({ modules: loadedAs('9.0.19'), devices: ['drbd0'] })])).toEqual([
      'DRBD 9.2.16 and DRBD 9.0.19 can not talk to one another',
    ]))
  test('not one that is loaded only', () =>
    expect(refused('9.2.16', [node({ modules: loadedAs('9.0.19') })])).toEqual([]))
})

describe('a module in use', () => {
  test('is in the way of another version', () =>
    expect(inUse(node({ modules: loadedAs('8.4.11'), devices: ['drbd0'] }), '9.2.16')).toMatchObject({
      refused: 'the DRBD that runs is in use, and would have to be unloaded',
      seen: 'DRBD 8.4.11 with drbd0',
    }))
  test.each([
    ['without devices', node({ modules: loadedAs('8.4.11') }), '9.2.16'],
    ['of the wanted version', node({ modules: loadedAs('9.2.16'), devices: ['drbd0'] }), '9.2.16'],
    [
      'of the wanted version, with a packaging number',
      node({ modules: loadedAs('9.0.32'), devices: ['drbd0'] }),
      '9.0.32-1',
    ],
    ['that is none', node(), '9.2.16'],
  ])('is not, %s', (_, modules, version) => expect(inUse(modules, version)).toBeNull())

  test('is outdated where its srcversion is not that of the file', () => {
    expect(outdated(node({ modules: loadedAs('9.2.16', 'other') }))).toEqual(['drbd'])
    expect(outdated(node({ modules: loadedAs('9.2.16') }))).toEqual([])
  })
})

test.each([
  [K, `linux-headers-${K}`, 'linux-image-amd64'],
  ['5.15.0-91-generic', 'linux-headers-5.15.0-91-generic', 'linux-image-generic'],
  ['6.1.0-31-cloud-amd64', 'linux-headers-6.1.0-31-cloud-amd64', 'linux-image-cloud-amd64'],
  ['5.14.0-427.el9.x86_64', 'kernel-devel-5.14.0-427.el9.x86_64', 'kernel'],
  ['3.10.0-1127.8.2.vz7.151.14', 'vzkernel-devel-3.10.0-1127.8.2.vz7.151.14', 'vzkernel'],
  ['6.8.4-2-pve', 'proxmox-headers-6.8.4-2-pve', null],
])('the kernel %s with %s is updated by %s', (release, headers, name) =>
  expect(kernelPackage(release, headers)).toBe(name),
)

describe('what came out of a build', () => {
  const file = (name: string, over: object = {}) => ({
    file: name,
    sha256: A,
    srcversion: '1',
    version: '9.2.16',
    vermagic: `${K} SMP preempt mod_unload modversions `,
    ...over,
  })
  const all = ['drbd.ko', 'drbd_transport_tcp.ko', 'drbd_transport_lb-tcp.ko']
  const check = (files: Parameters<typeof checkBuilt>[1]) =>
    checkBuilt({ version: '9.2.16', kernel: K }, files).map((one) => one.file)

  test('all that the series has, and what the kernel gave besides', () =>
    expect(check([...all, 'handshake.ko'].map((name) => file(name)))).toEqual([...all, 'handshake.ko']))
  test.each<[string, Parameters<typeof checkBuilt>[1], string]>([
    ['a file is missing', [file('drbd.ko')], 'no drbd_transport_tcp.ko'],
    [
      'another version',
      [...all.slice(1).map((name) => file(name)), file('drbd.ko', { version: '9.2.15' })],
      'drbd.ko is version 9.2.15',
    ],
    [
      'another kernel',
      all.map((name) => file(name, { vermagic: '6.1.0-1-amd64 SMP' })),
      'drbd.ko is for the kernel 6.1.0-1-amd64',
    ],
  ])('not where %s', (_, files, seen) => {
    expect(() => check(files)).toThrow(
      expect.objectContaining({
        code: 'REFUSED',
        details: expect.objectContaining({ seen: expect.stringContaining(seen) as unknown }) as unknown,
      }),
    )
  })
})

test('a manifest is read as it was written; anything else is none', () => {
  expect(readManifest(manifestText(manifest))).toEqual(manifest)
  const readNothing = (text: string): void => {
    expect(readManifest(text)).toBeNull()
  }
  fc.assert(fc.property(fc.string(), readNothing))
})

test('what a node says of its kernels, in one look', () => {
  const text = [
    `kernel\t6.1.0-55-amd64`,
    `place\t/lib/modules/6.1.0-55-amd64/kernel/drivers/block/drbd/drbd.ko`,
    `kernel\t${K}`,
    `manifest\t${manifestText(manifest).trim()}`,
    `sum\tdrbd.ko\t${A}  -`,
    `sum\tdrbd_transport_tcp.ko\t${B}  -`,
    `place\t/lib/modules/${K}/updates/drbd/drbd.ko`,
    `loaded\tdrbd\t8.4.11\tABC`,
    `file\tdrbd\t9.2.16\tDEF`,
    `device\tdrbd0`,
    `enforcing\tmodule.sig_enforce is on`,
    '',
  ].join('\n')
  expect(readLook(text, K, ['drbd', 'drbd_transport_tcp'])).toEqual({
    running: K,
    kernels: [
      {
        ...bare,
        release: '6.1.0-55-amd64',
        place: '/lib/modules/6.1.0-55-amd64/kernel/drivers/block/drbd/drbd.ko',
      },
      installed,
    ],
    modules: [
      {
        module: 'drbd',
        loaded: { version: '8.4.11', srcversion: 'ABC' },
        file: { version: '9.2.16', srcversion: 'DEF' },
      },
      { module: 'drbd_transport_tcp', loaded: null, file: null },
    ],
    devices: ['drbd0'],
    enforcing: 'module.sig_enforce is on',
  })
})
