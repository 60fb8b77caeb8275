import { z } from 'bringup'

/** Bounds of corosync's own watchdog_timeout (exec/wd.c). */
const margin = z
  .int()
  .min(2)
  .max(120)
  .default(6)
  .describe(
    'Seconds without a sign of life after which the node is reset. Less than it takes the others to take over.',
  )

export const watchdogVars = z
  .strictObject({
    watchdog_module: z
      .string()
      .regex(
        /^(auto|[a-z0-9_]+)$/i,
        'must be "auto" or the name of a kernel module, as softdog or ipmi_watchdog',
      )
      .default('auto')
      .describe(
        'The kernel module of the watchdog. auto: the one that the machine has already, which is the better one; softdog where it has none. none: no watchdog at all, for containers.',
      ),
    watchdog_margin: margin,
    watchdog_restart: z
      .int()
      .positive()
      .default(70)
      .describe('Seconds until a corosync that died is started again. More than the margin.'),
    watchdog_fail_fast: z
      .boolean()
      .default(true)
      .describe(
        'A daemon of Pacemaker that dies takes the node with it (PCMK_fail_fast), rather than be started anew.',
      ),
  })
  .refine((vars) => vars.watchdog_restart > vars.watchdog_margin, {
    path: ['watchdog_restart'],
    message:
      'must be longer than watchdog_margin: a corosync that is back before the watchdog bites keeps a node alive that the others have given up',
  })

export type WatchdogVars = z.output<typeof watchdogVars>
