import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HANDLERS, isKnownTo, NET } from '../../../../src/drbd/keywords.ts'
import { renderGlobalCommon } from '../../../../src/drbd/render/global_common.ts'
import { renderResource, resourceFilePath } from '../../../../src/drbd/render/resource_file.ts'
import { declared, PAIR, withTiebreaker } from '../declared.ts'
import { at, readConf } from './read_conf.ts'

test('nothing is sent home', () => {
  expect(at(readConf(renderGlobalCommon()), 'global')).toEqual([
    { words: ['usage-count', 'no'], inside: undefined },
  ])
})

test('a pair on 9', () => {
  expect(resourceFilePath(declared())).toBe('/etc/drbd.d/r0.res')
  expect(renderResource(declared())).toMatchInlineSnapshot(`
    "resource "r0" {
      net {
        protocol C;
        verify-alg crc32c;
        max-buffers 8000;
        max-epoch-size 8000;
        sndbuf-size 0;
      }
      disk {
        on-io-error detach;
      }
      startup {
        wfc-timeout 60;
        degr-wfc-timeout 60;
        outdated-wfc-timeout 60;
      }
      on "server1" {
        node-id 0;
        address ipv4 192.168.53.11:7788;
        volume 0 {
          device minor 0;
          disk "/dev/sdb";
          meta-disk internal;
        }
      }
      on "server2" {
        node-id 1;
        address ipv4 192.168.53.12:7788;
        volume 0 {
          device minor 0;
          disk "/dev/sdb";
          meta-disk internal;
        }
      }
    }
    "
  `)
})

test('a pair on 8.4: fencing with the disk, no word that it does not know', () => {
  expect(renderResource(declared({ driver: '8.4', fencing: 'resource-and-stonith' }))).toMatchInlineSnapshot(`
    "resource "r0" {
      net {
        protocol C;
        verify-alg crc32c;
        max-buffers 8000;
        max-epoch-size 8000;
        sndbuf-size 0;
      }
      disk {
        fencing resource-and-stonith;
        on-io-error detach;
      }
      handlers {
        fence-peer "/usr/lib/drbd/crm-fence-peer.sh";
        after-resync-target "/usr/lib/drbd/crm-unfence-peer.sh";
      }
      startup {
        wfc-timeout 60;
        degr-wfc-timeout 60;
        outdated-wfc-timeout 60;
      }
      on "server1" {
        address ipv4 192.168.53.11:7788;
        volume 0 {
          device minor 0;
          disk "/dev/sdb";
          meta-disk internal;
        }
      }
      on "server2" {
        address ipv4 192.168.53.12:7788;
        volume 0 {
          device minor 0;
          disk "/dev/sdb";
          meta-disk internal;
        }
      }
    }
    "
  `)
})

test('two volumes and a tiebreaker on 9', () => {
  const volumes = [0, 1].map((volume) => ({
    volume,
    minor: 10 + volume,
    disks: { server1: `/dev/disk/by-id/scsi-1:${volume}`, server2: `/dev/vg0/r0_${volume}` },
  }))
  expect(renderResource(withTiebreaker({ volumes, auto_promote: false }))).toMatchInlineSnapshot(`
    "resource "r0" {
      options {
        auto-promote no;
        quorum majority;
        on-no-quorum io-error;
        on-no-data-accessible io-error;
      }
      net {
        protocol C;
        verify-alg crc32c;
        max-buffers 8000;
        max-epoch-size 8000;
        sndbuf-size 0;
      }
      disk {
        on-io-error detach;
      }
      startup {
        wfc-timeout 60;
        degr-wfc-timeout 60;
        outdated-wfc-timeout 60;
      }
      on "server1" {
        node-id 0;
        address ipv4 192.168.53.11:7788;
        volume 0 {
          device minor 10;
          disk "/dev/disk/by-id/scsi-1:0";
          meta-disk internal;
        }
        volume 1 {
          device minor 11;
          disk "/dev/disk/by-id/scsi-1:1";
          meta-disk internal;
        }
      }
      on "server2" {
        node-id 1;
        address ipv4 192.168.53.12:7788;
        volume 0 {
          device minor 10;
          disk "/dev/vg0/r0_0";
          meta-disk internal;
        }
        volume 1 {
          device minor 11;
          disk "/dev/vg0/r0_1";
          meta-disk internal;
        }
      }
      on "server3" {
        node-id 2;
        address ipv6 [fd00::13]:7788;
        volume 0 {
          device minor 10;
          disk none;
        }
        volume 1 {
          device minor 11;
          disk none;
        }
      }
      connection-mesh {
        hosts "server1" "server2" "server3";
      }
    }
    "
  `)
})

test("a handler of one's own takes the place of DRBD's", () => {
  const text = renderResource(
    declared({ fencing: 'resource-only', handlers: { 'fence-peer': 'sh -c "echo \\\\"' } }),
  )
  expect(at(readConf(text), 'resource r0', 'handlers')).toEqual([
    { words: ['fence-peer', 'sh -c "echo \\\\"'], inside: undefined },
    { words: ['unfence-peer', '/usr/lib/drbd/crm-unfence-peer.9.sh'], inside: undefined },
  ])
})

const line = fc
  .array(
    fc.oneof(
      fc.constantFrom('"', '\\', '{', '}', ';', '#', ' ', ':', '$', '`'),
      fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 3 }),
    ),
    { minLength: 1, maxLength: 40 },
  )
  .map((parts) => parts.join(''))
const name = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9.+_-]{0,20}$/).filter((one) => one !== 'all')
const keyword = fc.constantFrom('disk', 'on', 'net', 'no', 'volume', 'resource', '10.0.0.1', '007')

test('whatever the names and values, they are read back as they were', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('8.4' as const, '9' as const),
      fc.uniqueArray(fc.oneof(name, keyword), { minLength: 3, maxLength: 3 }),
      line.map((text) => `/dev/${text.replace(/\/|\.\.?/g, '_')}`),
      fc.dictionary(fc.constantFrom(...HANDLERS.filter((one) => one !== 'fence-peer')), line),
      fc.dictionary(
        fc.constantFrom(...NET.filter((one) => !/^(?:allow-two-primaries|after-sb|rr-)/.test(one))),
        fc.oneof(line, fc.nat(), fc.boolean()),
      ),
      (driver, [resource = '', one = '', two = ''], disk, handlers, net) => {
        const known = <Value>(all: Record<string, Value>) =>
          Object.fromEntries(Object.entries(all).filter(([key]) => isKnownTo(driver, key)))
        const wanted = declared({
          name: resource,
          driver,
          nodes: PAIR.nodes.map((node, index) => ({ ...node, name: index === 0 ? one : two })),
          volumes: [{ volume: 0, minor: 5, disks: { [one]: disk, [two]: disk } }],
          handlers: known(handlers),
          net: known(net),
        })
        const read = readConf(renderResource(wanted))
        const top = `resource ${resource}`
        const pairs = (section: string) =>
          new Map(at(read, top, section).map(({ words: [key = '', ...rest] }) => [key, rest.join(' ')]))
        expect(read).toHaveLength(1)
        expect(Object.fromEntries(pairs('handlers'))).toEqual(wanted.handlers)
        for (const [key, value] of Object.entries(wanted.net)) expect(pairs('net').get(key)).toBe(value)
        expect(at(read, top, `on ${one}`, 'volume 0').map(({ words }) => words)).toEqual([
          ['device', 'minor', '5'],
          ['disk', disk],
          ['meta-disk', 'internal'],
        ])
        expect(at(read, top, `on ${two}`).some(({ words }) => words[0] === 'node-id')).toBe(driver === '9')
      },
    ),
  )
})
