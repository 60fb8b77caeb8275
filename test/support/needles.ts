/**
 * What to look for when a secret must be nowhere: it and its lines, plain, in base64 (alone, and behind a user's name as
 * in `Basic` credentials), quoted for a shell, as JSON, as XML, and in a URL. Written without the engine's own list of
 * forms, which is what it judges.
 */
export function needlesOf(secret: string): string[] {
  const lines = secret.split('\n').filter((line) => line.length >= 8)
  const inForms = lines.flatMap((line) => [
    line,
    line.replaceAll("'", String.raw`'\''`),
    line.replaceAll("'", `'"'"'`),
    JSON.stringify(line).slice(1, -1),
    encodeURIComponent(line),
    encodeURIComponent(line).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`),
    line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
  ])
  const whole = [secret, `user:${secret}`].map((text) => Buffer.from(text).toString('base64'))
  // `base64` breaks lines after 76 characters; the end of a line depends on what follows.
  const encoded = whole.flatMap((text) => [text.slice(12, 76), text.slice(76, 152)])
  return [...new Set([...inForms, ...encoded.map((text) => text.replace(/.{0,2}=*$/, ''))])].filter(
    (needle) => needle.length >= 8,
  )
}
