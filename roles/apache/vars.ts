import { z } from 'bringup'

export const apacheVars = z.strictObject({
  apache_node_page: z
    .string()
    .regex(/^\/\w[\w.-]*$/, 'must be a path as /node.txt')
    .optional()
    .describe(
      'A page with the name of the node that answers, as /node.txt: for labs and drills. Left out, none is written.',
    ),
})

export type ApacheVars = z.output<typeof apacheVars>
