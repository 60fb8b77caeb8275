import type { KnownFailure } from './failure.ts'

/** What the module says in the kernel's log when two peers do not get along, 8.4 and 9. */
export const connectionFailures: readonly KnownFailure[] = [
  {
    says: /Split-Brain detected.*dropping connection/,
    meaning: 'a split brain: both nodes have written while they did not see one another',
    remedy:
      'playbooks/heal-split-brain.yml shows both side by side, and with -e victim=NODE saves what only that one has, and heals. ' +
      'By hand, on the node whose writes are to be lost: drbdadm disconnect, drbdadm secondary, drbdadm connect ' +
      '--discard-my-data; on the other: drbdadm connect.',
  },
  {
    says: /Unrelated data, aborting/,
    meaning: 'the disks hold data of two origins, which have no generation in common',
    remedy:
      "Find out which node has the right data. If the other one's disk came from elsewhere, take it down there, and " +
      'consent to losing what is on it.',
  },
  {
    says: /The peer's (disk|device) size is too small/,
    meaning: "one node's disk is smaller than the data of the other",
    remedy: 'Give it a disk of at least the same size.',
  },
  {
    says: /incompatible DRBD (9 )?dialects/,
    meaning: 'the DRBD of the two nodes have no protocol in common',
    remedy: 'Update the older one; from before 9.0.26 first to 9.0.32-1, which talks to both.',
  },
  {
    says: /node-id from drbdsetup and meta-data differ|Peer presented a node_id of/,
    meaning: 'the node-ids of the configuration are not those in the metadata: two were swapped',
    remedy:
      'Write the node-ids as they are in the metadata, the same on every node; do not make metadata anew.',
  },
  {
    says: /incompatible .* settings|incompatible discard-my-data/,
    meaning: 'the two nodes have settings that contradict one another',
    remedy: 'Run this on all nodes of the resource, so that they have the same file.',
  },
  {
    says: /Authentication of peer failed|expected AuthChallenge packet/,
    meaning: 'the nodes do not have the same shared secret',
    remedy: 'Give both the same.',
  },
]
