/** A section of a page of Markdown: from its heading, of the second level, to the next one. Null: it has none. */
export function sectionOf(page: string, title: string): string | null {
  const place = placeOf(page, title)
  return place === null ? null : page.slice(place.from, place.to)
}

/** The page with this section instead of the one of that title; one that it did not have comes before that of `before`. */
export function withSection(page: string, title: string, section: string, before: string): string {
  const place = placeOf(page, title)
  const from = place?.from ?? placeOf(page, before)?.from ?? page.length
  return `${page.slice(0, from)}${section}${page.slice(place?.to ?? from)}`
}

function placeOf(page: string, title: string): { from: number; to: number } | null {
  const heading = `\n## ${title}\n`
  const at = page.indexOf(heading)
  if (at < 0) return null
  const next = page.indexOf('\n## ', at + heading.length - 1)
  return { from: at + 1, to: next < 0 ? page.length : next + 1 }
}
