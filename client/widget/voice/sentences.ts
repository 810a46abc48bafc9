/** Up to the end of a sentence; what is behind it may still grow. */
const sentenceEnd = /[.!?。！？\n]+["”’）)]*\s*/gu

/** Sentences of `text` from `from` on; the last one only where it is whole. */
export function sentencesOf(text: string, from: number, isWhole: boolean): { text: string; end: number }[] {
  const found: { text: string; end: number }[] = []
  let at = from
  for (const match of text.slice(from).matchAll(sentenceEnd)) {
    const end = from + match.index + match[0].length
    // "1.5", or the end of what is there so far.
    const isInNumber = /\d\.$/.test(text.slice(0, end)) && /^\d/.test(text.slice(end))
    if (isInNumber || (end === text.length && !isWhole)) continue
    if (text.slice(at, end).trim()) found.push({ text: text.slice(at, end).trim(), end })
    at = end
  }
  const rest = text.slice(at).trim()
  if (isWhole && rest) found.push({ text: rest, end: text.length })
  return found
}
