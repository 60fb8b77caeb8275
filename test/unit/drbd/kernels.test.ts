import { expect, test } from 'vitest'
import { buildsOn } from '../../../src/drbd/kernels.ts'

const EL7 = '3.10.0-1160.el7.x86_64'
const VZ7 = '3.10.0-1127.8.2.vz7.151.14'

test.each<[module: string, kernel: string]>([
  ['9.0.19-1', EL7],
  ['9.0.19-1', VZ7],
  ['9.0.19-1', '2.6.32-754.el6.x86_64'],
  ['9.0.32-1', '5.14.0-70.el9.x86_64'],
  ['9.1.23', EL7],
  ['9.2.19', EL7],
  ['9.2.14', '6.1.0-31-amd64'],
  ['9.3.3', '6.1.0-31-amd64'],
  ['9.3.3', '4.18.0-553.el8_10.x86_64'],
  ['9.3.3', '4.12.14-197-default'],
  ['9.3.3', '6.18.3'],
])('DRBD %s builds on %s', (module, kernel) => {
  expect(buildsOn(module, kernel)).toEqual({ ok: true, warnings: [] })
})

test.each<[module: string, kernel: string, expected: string, remedy: string]>([
  ['9.3.3', EL7, '4.12.14', 'Choose DRBD 9.2.19,'],
  ['9.3.0', '4.9.0-19-amd64', '4.12.14', 'Choose DRBD 9.2.19,'],
  ['9.1.23', '2.6.32-754.el6.x86_64', '3.10', 'Choose DRBD 9.0.32-1,'],
  ['9.0.32-1', '2.6.18-8.el5', '2.6.32', 'Install a newer kernel'],
])('DRBD %s does not build on %s', (module, kernel, least, remedy) => {
  expect(buildsOn(module, kernel)).toMatchObject({
    refused: `DRBD ${module} does not build on the kernel ${kernel}`,
    expected: `a kernel of ${least} or newer`,
    seen: kernel,
    remedy: expect.stringContaining(remedy) as unknown,
  })
})

test.each([
  ['9.0.19-1', '5.3.0-1-generic', 'newer than 5.0'],
  ['9.0.25', '5.4.0', 'newer than 5.3'],
  ['9.1.23', '6.13.1', 'newer than 6.12'],
  ['9.2.19', '7.0.0', 'newer than 6.18'],
  ['9.4.0', '6.1.0', 'drbd 9.4.0 is newer than 9.3.3'],
  ['8.4.11', '6.1.0', 'is not known here'],
])('DRBD %s on %s is a matter for the compiler', (module, kernel, warning) => {
  expect(buildsOn(module, kernel)).toEqual({ ok: true, warnings: [expect.stringContaining(warning)] })
})

test.each(['', 'Linux', 'amd64'])('%j is no kernel', (kernel) => {
  expect(buildsOn('9.2.14', kernel)).toMatchObject({
    ok: false,
    expected: expect.stringContaining('6.1.0') as unknown,
  })
})
