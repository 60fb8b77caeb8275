import { expect, test } from 'vitest'
import { statusJson } from '../../../src/cli/status_json.ts'
import { allStatus } from '../../../src/cluster/status/all_status.ts'
import { pair } from '../drbd/health/hosts.ts'

// Programs rely on this shape: what is added is no break, what goes or changes is.
test('the shape for programs, of a pair that syncs', () => {
  const status = allStatus(pair('syncing'), [])
  expect(JSON.parse(statusJson(status, new Date('2026-11-21T12:00:00Z')))).toMatchInlineSnapshot(`
    {
      "clusters": [],
      "drbd": [
        {
          "findings": [
            {
              "next": "Wait, and keep server1 running. To watch it: bringup status --watch",
              "severity": "wrong",
              "text": "r0 is being copied from server1 to server2: until that is done, only server1 has all data",
            },
          ],
          "hosts": [
            {
              "host": "server1",
              "module": "8.4.11",
              "moduleOnDisk": "8.4.11",
              "utils": "9.22.0",
            },
            {
              "host": "server2",
              "module": "8.4.11",
              "moduleOnDisk": "8.4.11",
              "utils": "9.22.0",
            },
          ],
          "resources": [
            {
              "copies": [
                {
                  "from": "server1",
                  "kind": "sync",
                  "outOfSync": 475356,
                  "percent": 9.3,
                  "rate": 1964,
                  "secondsLeft": 242,
                  "to": "server2",
                  "volume": 0,
                },
              ],
              "fencing": "resource-only",
              "name": "r0",
              "nodes": [
                {
                  "asked": "yes",
                  "connections": [
                    {
                      "peer": "server2",
                      "peerRole": "Secondary",
                      "state": "Connected",
                      "volumes": [
                        {
                          "outOfSync": 475356,
                          "peerDisk": "Inconsistent",
                          "replication": "SyncSource",
                          "volume": 0,
                        },
                      ],
                    },
                  ],
                  "host": "server1",
                  "node": "server1",
                  "role": "Primary",
                  "suspended": false,
                  "up": true,
                  "volumes": [
                    {
                      "disk": "UpToDate",
                      "minor": 0,
                      "quorum": null,
                      "size": 524236,
                      "volume": 0,
                    },
                  ],
                },
                {
                  "asked": "yes",
                  "connections": [
                    {
                      "peer": "server1",
                      "peerRole": "Primary",
                      "state": "Connected",
                      "volumes": [
                        {
                          "outOfSync": 479436,
                          "peerDisk": "UpToDate",
                          "replication": "SyncTarget",
                          "volume": 0,
                        },
                      ],
                    },
                  ],
                  "host": "server2",
                  "node": "server2",
                  "role": "Secondary",
                  "suspended": false,
                  "up": true,
                  "volumes": [
                    {
                      "disk": "Inconsistent",
                      "minor": 0,
                      "quorum": null,
                      "size": 524236,
                      "volume": 0,
                    },
                  ],
                },
              ],
              "quorum": "off",
            },
          ],
        },
      ],
      "exitCode": 2,
      "time": "2026-11-21T12:00:00.000Z",
      "unreachable": [],
      "without": [
        "server1",
        "server2",
      ],
    }
  `)
})
