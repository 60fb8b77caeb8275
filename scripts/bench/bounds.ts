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
- **The script** takes nine processes and some 23 ms of the host's processor, forty looks about ninety and 118 ms: each
  look is for one thing, and brings all that a plan and a diff need, where the script only says that something differs.
  A process costs a host a millisecond, one of \`systemctl\` four.
- **A first run** is bound by what is made: packages by dpkg, services by systemd. A step is looked at again after it was
  made, in a round trip of its own.
- **Start-up** is bound by loading some 480 modules, two thirds of the controller's processor time until the first task;
  Node alone takes a tenth of that. Then come the login and 35 ms of the host's processor for its facts.
- **Memory** is that of Node and the modules, and about half a MiB for each connection. V8's young generation is kept
  small: left alone, it let more garbage gather than all the rest.
`
