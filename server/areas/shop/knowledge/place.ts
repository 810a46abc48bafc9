import type { Language } from '#protocol'
import type { Place } from '#storage/shop/knowledge'
import { en } from './words.en.ts'
import { zh } from './words.zh.ts'

export type PlaceWords = Record<Place['unit'], (number: number) => string>

const words: Record<Language, PlaceWords> = { en, zh }

/** Where each line of a passage stands, as its reader is told. */
export function placeLabels({ unit, at }: Place, language: Language): string[] {
  return at.map(words[language][unit])
}

/** From where to where a passage goes. */
export function spanOf({ unit, at }: Place): { unit: Place['unit']; from: number; to: number } {
  return { unit, from: Math.min(...at), to: Math.max(...at) }
}
