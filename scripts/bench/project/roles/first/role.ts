import { defineRole, z } from 'bringup'

export default defineRole({
  summary: 'One task, which is met',
  vars: z.strictObject({}),
  run: ({ nodes }) => nodes.each((node) => node.directory({ path: '/' })),
})
