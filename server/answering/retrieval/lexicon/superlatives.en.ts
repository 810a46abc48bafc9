import type { SuperlativeWords } from './superlatives.ts'

export const superlativesEn: SuperlativeWords = {
  patterns: [
    /\b(?<verb>weigh|cost)s? (?:the )?(?<degree>most|least)\b/gi,
    /\b(?<degree>most|least) (?<adjective>[a-z]{3,12})\b/gi,
    /\b(?<degree>most|least|highest|lowest|largest|biggest|greatest|longest|shortest|smallest|fewest|maximum|minimum|best|max|min)\b/gi,
    /\b(?<superlative>[a-z]{2,9}est)\b/gi,
  ],
  adjectiveOfVerb: { weigh: 'heavy', cost: 'expensive' },
  little: /^(?:least|lowest|shortest|smallest|fewest|minimum|min)$/i,
  general: /^(?:most|highest|largest|biggest|greatest|longest|maximum|max)$/i,
  none: /^(?:best|latest|newest|rest|test|guest|west|nearest|interest|request|honest|forest|invest|suggest|nest|vest|est)$/i,
  wish: /\b(?:cheap|inexpensive|affordable|lightweight|light(?= (?:laptop|notebook|computer|tablet|chair|phone)))\b/gi,
  comparative: /\b(?:is |are )?(?<verb>weigh|cost)s? (?<degree>less|more)\b|\b(?<degrees>[a-z]{2,9}er)\b/gi,
}
