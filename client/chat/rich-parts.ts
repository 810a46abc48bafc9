/** What an answer is made of besides text: code and formulas, which are shown by parts of their own. */
export type Part =
  | { type: 'text' | 'formula'; text: string }
  | { type: 'code'; language: string; text: string }

const fence = /^\s*(```|~~~)\s*([\w+#.-]*)/
const formulaLine = /^\s*(?:\$\$(.+)\$\$|\\\[(.+)\\\])\s*$/
const formulaStart = /^\s*(\$\$|\\\[)\s*$/

/** The text cut where code and formulas on lines of their own begin and end. */
export function splitParts(content: string): Part[] {
  const lines = content.split('\n')
  const parts: Part[] = []
  let text: string[] = []

  function flush() {
    if (text.some(line => line.trim())) parts.push({ type: 'text', text: text.join('\n') })
    text = []
  }

  /** The lines from `at` on to one that ends them, or to the end: it may be on its way. */
  function linesUntil(at: number, isEnd: (line: string) => boolean): string[] {
    const end = lines.findIndex((line, index) => index >= at && isEnd(line))
    return lines.slice(at, end < 0 ? undefined : end)
  }

  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!
    const [, , language] = fence.exec(line) ?? []
    const [, dollars, brackets] = formulaLine.exec(line) ?? []
    const opened = formulaStart.exec(line)?.[1]
    const whole = dollars ?? brackets
    if (language === undefined && whole === undefined && opened === undefined) {
      text.push(line)
      continue
    }
    flush()
    if (whole !== undefined) {
      parts.push({ type: 'formula', text: whole.trim() })
      continue
    }
    const closing = opened === '$$' ? '$$' : '\\]'
    const inner = linesUntil(at + 1, each =>
      language === undefined ? each.trim() === closing : fence.test(each),
    )
    at += inner.length + 1
    const body = inner.join('\n')
    parts.push(
      language === undefined ? { type: 'formula', text: body } : { type: 'code', language, text: body },
    )
  }
  flush()
  return parts
}

/** Nobody sees it; code that begins with it is a formula. */
export const formulaMark = '\u2063'
/** Of money there are signs too: between those of a formula stands something that only formulas have. */
const inlineFormula = /(`+)[^`]*\1|\\\((.+?)\\\)|\$(?!\s)([^$\n`]*[\\^_={}][^$\n`]*?)(?<!\s)\$(?!\d)/g

/** Formulas within a line as code that can be told from other code. */
export function markFormulas(text: string): string {
  return text.replaceAll(inlineFormula, (whole, _ticks, brackets, dollars) => {
    const formula = brackets ?? dollars
    return formula === undefined ? whole : `\`${formulaMark}${formula}\``
  })
}
