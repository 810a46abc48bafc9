/** What Markdown would read as its own: escapes, code, emphasis, struck words, and links; a bracketed number would be a mark either way. */
const signs =
  /\\(?=[!-/:-@[-`{-~])|`|\*(?!\s)|(?<!\s)\*|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|~(?=~)|(?<=~)~|\[(?!\d{1,3}\])/gu
/** At the beginning of a line: headings, quotations, items, rows. */
const openings = /^(\s*)(?=#{1,6}\s|>|[-+]\s|\|)/gm

/** Somebody's words as Markdown that shows every sign of them. */
export function literal(text: string): string {
  return text.replace(signs, '\\$&').replace(openings, '$1\\')
}
