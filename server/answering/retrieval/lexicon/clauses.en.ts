import type { ClauseCue } from './clauses.ts'
import type { Patterns } from './patterns.ts'

/** With the signs of all languages. */
export const clausesEn: Patterns<ClauseCue> = {
  figure: /[,，;；。!！?？:：\n|()（）、]|\.\s|\b(?:and|while|whereas|but)\b/giu,
  quote: /[,，;；]\s*(?:but|however|while)?|\sbut\s/iu,
  claim: /[,，;；、]\s+|[，；、]|\s(?:and|while|whereas|but|with)\s/iu,
  limit: /[,，;；。.!?！？\n]|\b(?:and|with|or)\b/i,
}
