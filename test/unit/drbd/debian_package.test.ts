import { expect, test } from 'vitest'
import { controlText, debianVersion, isOurs } from '../../../src/drbd/debian_package.ts'

test('a package that is built here is told from the distribution’s', () => {
  expect(isOurs(debianVersion('9.22.0'))).toBe(true)
  expect(['9.22.0-1', '9.22.0-1.2', '9.22.0-1ubuntu1', '9.22.0'].filter(isOurs)).toEqual([])
})

test('what it says of itself is in the format of deb-control(5)', () => {
  expect(controlText('9.22.0', 'arm64')).toMatchInlineSnapshot(`
    "Package: drbd-utils
    Version: 9.22.0-0bringup1
    Architecture: arm64
    Maintainer: bringup <root@localhost>
    Section: admin
    Priority: optional
    Depends: @DEPENDS@
    Description: programs that command DRBD, built from LINBIT's sources
     The distribution's package of this name has the same files; apt is told to leave it where it is.
    "
  `)
})
