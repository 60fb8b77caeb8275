import { z } from 'bringup'
import { reboot } from '../drbd_module/vars.ts'

export const nodeRebootVars = z.strictObject({ reboot })

export type NodeRebootVars = z.output<typeof nodeRebootVars>
