import type { ProductWords } from './words.ts'

export const productWordsEn: ProductWords = {
  currency: 'Currency',
  labelIn: (label, currency) => `${label} (${currency})`,
  comma: ', ',
  first: facts => `First among those that fit: ${facts}.`,
  fits: facts => `Fits what you asked for: ${facts}.`,
  closest: facts => `Closest to your words (${facts}).`,
}
