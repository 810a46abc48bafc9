import type { Turn } from '../../providers/model.ts'

/**
 * About how many tokens a model makes of a text: four Latin characters each, one Han or Kana character each. Models
 * differ by a quarter either way, so budgets leave room; where the provider counts, its count is stored instead.
 */
export function estimateTokens(text: string): number {
  let wide = 0
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) >= 0x2e80) wide += 1
  return wide + (text.length - wide) / 4
}

/** The newest turns that fit into `tokens`, oldest first, beginning with a question. */
export function trimHistory(turns: Turn[], tokens: number): Turn[] {
  let left = tokens
  let from = turns.length
  while (from > 0) {
    left -= estimateTokens(turns[from - 1]!.text) + 4
    if (left < 0) break
    from -= 1
  }
  while (from < turns.length && turns[from]!.role !== 'user') from += 1
  return turns.slice(from)
}
