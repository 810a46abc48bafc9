/** A stretch of a text. */
export interface Span {
  start: number
  end: number
}

/** The text with blanks for these stretches: every position stays where it was. */
export function blanked(text: string, spans: readonly Span[]): string {
  let rest = ''
  let at = 0
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    if (end <= at) continue
    const from = Math.max(at, start)
    rest += text.slice(at, from) + ' '.repeat(end - from)
    at = end
  }
  return rest + text.slice(at)
}
