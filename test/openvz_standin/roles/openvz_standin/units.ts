/** Units of the stand-in, each with its whole file. */
export const units: Readonly<Record<string, string>> = {
  // As in OpenVZ 7: stopping it takes as long as its containers do.
  'vz.service': `[Unit]
Description=Container service (stand-in for OpenVZ 7)
After=remote-fs.target

[Service]
Type=oneshot
RemainAfterExit=yes
TimeoutSec=1h
ExecStart=/usr/libexec/openvz-standin/vz start
ExecStop=/usr/libexec/openvz-standin/vz stop

[Install]
WantedBy=multi-user.target
`,

  // As in OpenVZ 7 it wants vz, and starts after it: then vz has nobody to ask for the containers to start.
  'prl-disp.service': `[Unit]
Description=Dispatcher service (stand-in for OpenVZ 7)
Wants=vz.service
After=vz.service local-fs.target

[Service]
RuntimeDirectory=openvz-standin
ExecStartPre=/usr/libexec/openvz-standin/dispatcher
ExecStart=/bin/sleep infinity
Restart=on-failure
RestartSec=5s

[Install]
WantedBy=multi-user.target
`,

  // Real containers are no units: at shutdown systemd leaves these alone as well, until it kills what is left. A slice of
  // their own, as templates have, would be stopped with them in it.
  'openvz-ct@.service': `[Unit]
Description=Container %i (stand-in for OpenVZ 7)
DefaultDependencies=no

[Service]
Slice=system.slice
Type=notify
KillMode=mixed
ExecStart=/usr/bin/systemd-nspawn --quiet --keep-unit --register=no --settings=no --private-network --link-journal=no \\
  --resolv-conf=off --timezone=off --console=pipe --directory=/vz/root/%i --machine=%i /sbin/init
`,
}
