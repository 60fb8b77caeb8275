/**
 * A drop-in of pacemaker.service by which a node joins its cluster in standby (PCMK_node_start_state, Pacemaker 1.1.18
 * and later), so that nothing is started there before its data are in step. Parameters of the operation `dropin`.
 */
export const standbyStart = {
  unit: 'pacemaker',
  name: 'rejoin',
  sections: { Service: { Environment: 'PCMK_node_start_state=standby' } },
} as const

/** Its file. */
export const STANDBY_START = '/etc/systemd/system/pacemaker.service.d/rejoin.conf'
