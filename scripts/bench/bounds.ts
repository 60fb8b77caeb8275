/** The part of BENCHMARKS.md that no measurement writes: what stands behind the figures. */
export const bounds = `## How it is measured

- Both sides work on the same lab in turn, in one go: Ansible first and second run, bringup first and second run, the
  script; then again. Before each first run the hosts are put back to where they were.
- bringup is the built package, run as users run it. It connects anew each time; Ansible keeps its connections
  (ControlPersist), so its second run finds them open.
- Ansible is Debian's \`ansible-core\` with pipelining, as many forks as hosts, no facts, its interpreter given, and no
  loops: single tasks, and one list of packages, are its fastest form.
- The delay is on the way to the host, so a round trip takes that much longer: by \`tc … netem\` where the kernel has it,
  else by a TCP relay on the loopback, which adds it to the connection's own handshake as well.
- Where many hosts are one container, its packages stay installed before a first run: fifty hosts with one package
  manager would measure how they wait for it.

## What bounds each figure

- **A second run of one or two hosts** is mostly start and login: loading the program, \`ssh -G\` for each host, key
  exchange and login in sshd, one script of facts. The steps themselves are the smallest part.
- **With a delay**, round trips: TCP, SSH's version and key exchange, the login, a channel, its shell, the facts; then one
  for all forty looks, since what is begun together is looked at in one round trip.
- **Fifty hosts on one machine** are bound by its processors: fifty key exchanges on both ends, and two thousand looks,
  each a handful of processes, in one container beside the controller.
- **The script** needs nine processes where forty looks need about three each: each look is written for one thing, and
  says all that a plan and a diff need to know, where the script only says that something differs.
- **A first run** is bound by what is made: packages by dpkg, services by systemd. A step is looked at again after it was
  made, in a round trip of its own.
- **Start-up** is bound by reading modules. Node itself takes a sixth of it.
- **Memory** is Node's own, then about a MiB for each connection: buffers of its sockets and ciphers, and what the
  journal and the report keep until the end.

`
