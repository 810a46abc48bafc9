import type { SpecWords } from './specs.ts'

export const en: SpecWords = { years: 'years', labels: {} }
