import type { Lab } from '../../scripts/lab/raise.ts'
import { labDisk } from './lab_disks.ts'
import type { LabDisk } from './lab_disks.ts'

const MIB = 1024 * 1024

/** A node with /vz on a device of its own, and room for a copy at /srv; the devices that DRBD and OpenVZ would bring are stand-ins. */
export interface VzNode {
  readonly name: string
  readonly disk: LabDisk
  /** Standard output of a script on the node, trimmed; it must end well. */
  sh(script: string): Promise<string>
  /** As a node is before its first evacuation: /vz with this in it, mounted at boot, units that run, nothing else. */
  fresh(fill: string): Promise<void>
  close(): Promise<void>
}

export const VZ_DEVICE = '/dev/mapper/openvz-vz'
const ROOM = '/dev/vdroom'

/** Stand-ins for OpenVZ's units: they run, and that is all. */
const UNITS = `
for unit in vz prl-disp; do
  printf '[Unit]\\nDescription=stand-in for %s of OpenVZ 7\\n[Service]\\nExecStart=/bin/sleep infinity\\n[Install]\\nWantedBy=multi-user.target\\n' $unit >/etc/systemd/system/$unit.service
done
systemctl daemon-reload
systemctl enable --now vz prl-disp 2>/dev/null`

export async function vzNode(lab: Lab, name: string): Promise<VzNode> {
  const sh = async (script: string): Promise<string> => {
    const { exitCode, stdout, stderr } = await lab.exec(name, script)
    if (exitCode !== 0) throw new Error(`${name}: exit ${exitCode}: ${stderr}\n${script}`)
    return stdout.trim()
  }
  await sh('mkdir -p /dev/mapper')
  const disk = await labDisk(lab, name, VZ_DEVICE, 96 * MIB)
  const room = await labDisk(lab, name, ROOM, 160 * MIB)
  return {
    name,
    disk,
    sh,
    async fresh(fill) {
      await sh(`
        systemctl stop vz prl-disp 2>/dev/null || true
        for point in /vz /srv /mnt; do while mountpoint -q $point; do umount $point; done; done
        rm -rf /vz /etc/vz /etc/vz.evacuated /var/lib/bringup /usr/sbin/vzlist
        mkdir -p /vz /srv /etc/vz/conf`)
      await disk.fill()
      await sh(`
        mkfs.ext4 -q -F ${VZ_DEVICE}; mkfs.ext4 -q -m 0 -F ${ROOM}
        sed -i '/vz/d' /etc/fstab 2>/dev/null || true
        echo '${VZ_DEVICE} /vz ext4 defaults,noatime 1 2' >>/etc/fstab
        mount ${ROOM} /srv; mount /vz
        echo 'ONBOOT=yes' >/etc/vz/conf/1.conf; chmod 0640 /etc/vz/conf/1.conf
        ${UNITS}
        cd /vz
        ${fill}`)
    },
    async close() {
      await sh('systemctl stop vz prl-disp 2>/dev/null; umount /vz /srv 2>/dev/null; true')
      await disk.close()
      await room.close()
    },
  }
}

/** In the working directory: of everything that a file system can hold, one. */
export const EVERYTHING = `
mkdir -p private/1 empty 'a name with blanks' -- '-leading-dash'
printf 'image' >private/1/root.hdd; head -c 300000 /dev/urandom >>private/1/root.hdd
head -c 1000000 /dev/zero >private/1/zeros.hdd
head -c 4096 /dev/urandom >private/1/sparse; truncate -s 20M private/1/sparse
: >no-bytes
ln private/1/root.hdd private/1/second-name; ln private/1/root.hdd 'a name with blanks/third name'
echo text >'a name with blanks/file'; echo text >"$(printf 'new\\nline')"; echo text >"$(printf 'back\\\\slash\\ttab')"
echo text >"$(printf 'no-utf8-\\377\\376')"; echo text >./-n; echo text >'-leading-dash/*?[x]'
echo text >'quote"and'"'"'quote'
ln -s nowhere dangling; ln -s /etc/passwd absolute; ln -s "$(printf 'to\\nline // x')" strange
mkfifo fifo; mknod char c 1 3; mknod block b 7 99
perl -MSocket -e 'socket(my $s, PF_UNIX, SOCK_STREAM, 0) or die; bind($s, sockaddr_un("socket")) or die'
echo run >setuid; chmod 4755 setuid; echo run >setgid; chmod 2711 setgid; mkdir sticky; chmod 1777 sticky
chown 12345:54321 private/1 'a name with blanks/file'; chown -h 777:888 dangling
echo capable >capable; setcap cap_net_raw+ep capable 2>/dev/null || setfattr -n security.bringup -v x capable
setfattr -n user.words -v 'some words' private/1/root.hdd; setfattr -n trusted.secret -v 0x00ff00 empty
setfattr -h -n trusted.onlink -v x dangling
setfacl -m u:4242:rwx,g:4343:r-x private; setfacl -d -m u:4242:rw- private; setfacl -m u:1:--- no-bytes
mkdir readonly; echo text >readonly/file; chmod 0555 readonly; echo text >none; chmod 0000 none
touch -d '1999-12-31 23:59:59.987654321 UTC' readonly private/1/root.hdd no-bytes; touch -h -d '2001-01-01 00:00:00.1 UTC' dangling
touch -d '2038-02-01 00:00:00.000000001 UTC' fifo
mkdir -p lost+found; echo found >lost+found/'#42'
sync`

/** All of a tree, seen with other tools than those that are tested. The time of the folder itself is not told. */
export async function treeState(node: Pick<VzNode, 'sh'>, folder: string): Promise<string> {
  return node.sh(`cd ${folder}; LC_ALL=C; export LC_ALL
    all() { find . -path ./etc-vz -prune -o -path ./lost+found -o "$@"; }
    all -mindepth 1 -type d -print0 | sort -z | xargs -0 -r stat --printf '%N %f %u:%g %y\\n'
    stat --printf '%f %u:%g\\n' .
    all ! -type d -print0 | sort -z | xargs -0 -r stat --printf '%N %f %u:%g %h %s %t:%T %y\\n'
    all -type f -print0 | sort -z | xargs -0 -r sha256sum
    all -print0 | sort -z | xargs -0 -r getfacl -P -n --absolute-names 2>/dev/null
    all -print0 | sort -z | xargs -0 -r getfattr -h -d -m - -e text --absolute-names
    all -type f -links +1 -print0 | sort -z | xargs -0 -r -n 1 sh -c 'find . -samefile "$1" | sort | tr "\\n" " "; echo' sh
    all -type f -size +15M -printf 'holes: %p %k KiB\\n'`)
}
