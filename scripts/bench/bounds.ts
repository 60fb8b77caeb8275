/** The part of BENCHMARKS.md that no measurement writes: what stands behind the figures. */
export const bounds = `## How it is measured

- Both sides work on the same lab in turn, in one go: Ansible first and second run, bringup first and second run, the
  script; then again. Before each first run the hosts are put back to where they were.
- bringup is the built package, as \`npm install\` gives it. It connects anew each time; Ansible keeps its connections
  (ControlPersist), so its second run finds them open.
- Ansible is Debian's \`ansible-core\` with pipelining, as many forks as hosts, no facts, its interpreter given, and no
  loops: single tasks, and one list of packages, are its fastest form.
- The delay is on the way to the host, so a round trip takes that much longer: by \`tc … netem\` where the kernel has it,
  else by a TCP relay on the loopback, which adds it to the connection's own handshake as well.
- Where many hosts are one container, its packages stay installed before a first run: fifty hosts with one package
  manager would measure how they wait for it.

## What bounds each figure

- **A second run of one or two hosts** is start and login: loading the program, \`ssh -G\` for each host, key exchange and
  login in sshd, one script of facts. The forty steps are the smallest part of it. Ansible finds its connections open, and
  pays in Python instead. With two hosts both processors of this machine are busy throughout, since controller and hosts
  share them: that is what keeps two hosts a tenth below their target, which one host reaches.
- **With a delay**, round trips: TCP, SSH's version and key exchange, the login, a channel, its shell, the lock, the facts;
  then one for all forty looks, since what is begun together is looked at in one round trip. The script's time is that of
  a whole \`ssh\`, which goes through the open connection but has to open a channel on it.
- **Fifty hosts on one machine** are bound by its processors: fifty key exchanges and logins on both ends, fifty scripts of
  facts and two thousand looks, in one container beside the controller.
- **A first run** is bound by what is made: packages by dpkg, services by systemd. A step is looked at again after it was
  made, in a round trip of its own.
- **Start-up** is bound by loading the program: a third of the controller's processor time until the first task, though
  the package is some sixty files, and half of it is only loaded while the hosts answer. Then come the login and the
  facts, some twenty processes on the host.
- **Memory** is that of Node and the modules, and about half a MiB for each connection. With more than twenty hosts V8's
  young generation is kept small: left alone, it let more garbage gather than all the rest.
`
