import { expect, test } from 'vitest'
import { compatPatch } from '../../../src/drbd/compat_patch.ts'
import { moduleFiles } from '../../../src/drbd/module_files.ts'
import { granted } from '../../../src/drbd/verdict.ts'

test.each([
  ['8.4.11', ['drbd.ko']],
  ['9.0.19-1', ['drbd.ko', 'drbd_transport_tcp.ko']],
  ['9.1.23', ['drbd.ko', 'drbd_transport_tcp.ko']],
  ['9.2.0', ['drbd.ko', 'drbd_transport_tcp.ko', 'drbd_transport_rdma.ko']],
  [
    '9.2.14',
    [
      'drbd.ko',
      'handshake.ko',
      'drbd_transport_tcp.ko',
      'drbd_transport_lb-tcp.ko',
      'drbd_transport_rdma.ko',
    ],
  ],
])('the files of %s, each after what it needs', (module, files) => {
  expect(granted(moduleFiles(module)).files.map(({ file }) => file)).toEqual(files)
})

test('some are built on some kernels only', () => {
  const { files } = granted(moduleFiles('9.3.3'))
  expect(files.filter(({ onlyWith }) => onlyWith !== null).map(({ module }) => module)).toEqual([
    'handshake',
    'drbd_transport_rdma',
  ])
})

test('the kernel knows a module with _ whose file has -', () => {
  const { files } = granted(moduleFiles('9.2.6'))
  expect(files.find(({ file }) => file === 'drbd_transport_lb-tcp.ko')?.module).toBe('drbd_transport_lb_tcp')
})

test('no version, no files', () => {
  expect(moduleFiles('9.2')).toMatchObject({ ok: false })
  expect(compatPatch('9.2')).toMatchObject({ ok: false })
})

test.each([
  ['8.4.11', undefined, { spatch: 'never', warnings: [] }],
  ['9.0.19-1', '3.10.0-1127.8.2.vz7.151.14', { spatch: 'never', warnings: [] }],
  ['9.0.20', undefined, { spatch: 'unless-cached', least: '1.0.8', warnings: [] }],
  ['9.2.14', '6.1.0-31-amd64', { spatch: 'unless-cached', least: '1.0.8', warnings: [] }],
  ['9.3.0', undefined, { spatch: 'unless-cached', least: '1.1.1', warnings: [] }],
])('what %s on %s needs of Coccinelle', (module, kernel, expected) => {
  expect(compatPatch(module, kernel)).toEqual({ ok: true, ...expected })
})

test('a kernel of Virtuozzo is seldom in the cache', () => {
  expect(compatPatch('9.2.14', '3.10.0-1127.8.2.vz7.151.14')).toMatchObject({
    warnings: [expect.stringContaining('Virtuozzo')],
  })
})
