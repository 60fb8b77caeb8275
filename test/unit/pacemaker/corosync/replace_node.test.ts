import { expect, test } from 'vitest'
import { withNodeReplaced } from '../../../../src/pacemaker/corosync/replace_node.ts'

const NAMED = `totem {
    version: 2
    cluster_name: lab
}

nodelist {
    node {
        ring0_addr: 10.0.0.1
        name: server1
        nodeid: 1
    }

    node {
        ring0_addr: 10.0.0.2
        name: server2
        nodeid: 2
    }
}

quorum {
    provider: corosync_votequorum
    two_node: 1
}
`

test('the new node has an id of its own, and all else stays', () => {
  expect(withNodeReplaced(NAMED, 'server2', { name: 'server9', addresses: ['10.0.0.9'] })).toBe(
    NAMED.replace('10.0.0.2', '10.0.0.9').replace('server2', 'server9').replace('nodeid: 2', 'nodeid: 3'),
  )
})

test('also where the one that goes has the highest id but one, and with two links', () => {
  expect(withNodeReplaced(NAMED, 'server1', { name: 'server9', addresses: ['10.0.0.9', '10.0.1.9'] })).toBe(
    NAMED.replace('10.0.0.1', '10.0.0.9\n        ring1_addr: 10.0.1.9')
      .replace('server1', 'server9')
      .replace('nodeid: 1', 'nodeid: 3'),
  )
})

test('nodes of pcs 0.9 have their names as addresses', () => {
  const old = `nodelist {
    node {
        ring0_addr: server1
        nodeid: 1
    }

    node {
        ring0_addr: server2
        nodeid: 2
    }
}
`
  expect(withNodeReplaced(old, 'server2', { name: 'server9', addresses: ['10.0.0.9'] })).toBe(
    old.replace('server2', 'server9').replace('nodeid: 2', 'nodeid: 3'),
  )
})
