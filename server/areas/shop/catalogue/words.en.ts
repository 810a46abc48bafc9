import type { CatalogueWords } from './words.ts'

export const catalogueWordsEn: CatalogueWords = {
  currency: 'Currency',
  labelIn: (label, currency) => `${label} (${currency})`,
  comma: ', ',
  first: facts => `First among those that fit: ${facts}.`,
  fits: facts => `Fits what you asked for: ${facts}.`,
  closest: facts => `Closest to your words (${facts}).`,
}
