import type { FactWords } from './facts.ts'

export const factWordsEn: FactWords = {
  locale: 'en',
  yes: 'yes',
  no: 'no',
  sentence: (label, value, isFinished) => `${label}: ${value}${isFinished ? '' : '.'}`,
  units: { h: 'hours', min: 'minutes', lm: 'lumens', l: 'litres' },
  hasPlurals: true,
}
