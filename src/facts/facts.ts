import type { Bytes } from '../connection/remote.ts'

export interface BlockDevice {
  /** `/dev/vdb`, `/dev/openvz/vz` */
  path: string
  type: 'disk' | 'part' | 'lvm' | 'crypt' | 'raid' | 'rom' | 'loop' | 'drbd' | 'other'
  size: Bytes
  readOnly: boolean
  /** The disk or volume it is part of, or null. */
  parent: string | null
  /** What its first bytes say it holds (`ext4`, `xfs`, `LVM2_member`, `drbd`, a partition table as `gpt`), or null. */
  signature: string | null
  uuid: string | null
  label: string | null
  mountpoints: string[]
}

export interface Address {
  interface: string
  family: 'inet' | 'inet6'
  address: string
  prefix: number
}

export interface ServiceFact {
  /** `active`, `inactive`, `failed`, `activating`, … as systemd says it */
  active: string
  /** `enabled`, `disabled`, `static`, `masked`, … */
  enabled: string
}

/** What is known of a host, gathered in one round trip; read-only. Versions are as the programs print them, or null. */
export interface Facts {
  hostname: string
  os: { id: string; like: string[]; version: string; codename: string | null; name: string }
  kernel: {
    release: string
    /** Headers of the running kernel: the package that brings them here, and where they are if installed. */
    headers: { package: string; path: string | null }
  }
  architecture: string
  cpus: number
  memory: Bytes
  bootId: string
  /** Seconds since 1970 on the host's clock when the facts were read. */
  time: number
  packageManager: 'apt' | 'dnf' | 'yum' | null
  /** Places on the network that its package sources name, sorted: `deb.example.org`, `mirror.example.org:3142`. */
  packageSources: string[]
  systemd: number | null
  virtualization: string
  addresses: Address[]
  blockDevices: BlockDevice[]
  /** By unit name without `.service`; only those that are loaded or have a unit file. */
  services: Record<string, ServiceFact>
  versions: {
    corosync: string | null
    pacemaker: string | null
    pcs: string | null
    crmsh: string | null
    drbdModule: string | null
    drbdUtils: string | null
  }
}
