import * as z from 'zod'

const digest = z.string().regex(/^[0-9a-f]{64}$/)

const schema = z.strictObject({
  /** What it was built from: `drbd-9.2.16`. */
  name: z.string(),
  /** Of the tarball. */
  source: digest,
  kernel: z.string(),
  signed: z.boolean(),
  files: z.array(z.strictObject({ file: z.string(), sha256: digest, srcversion: z.string() })).min(1),
})

/** What lies beside built modules and says what they are. */
export type ModuleManifest = Readonly<z.output<typeof schema>>

export const manifestText = (manifest: ModuleManifest): string => `${JSON.stringify(manifest)}\n`

/** Null where it is none, as of another version of bringup: what it is about is then built again. */
export function readManifest(text: string): ModuleManifest | null {
  try {
    const parsed = schema.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}
