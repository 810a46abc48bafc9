import type { PlaceWords } from './place.ts'

export const en: PlaceWords = {
  page: number => `page ${number}`,
  row: number => `row ${number}`,
  slide: number => `slide ${number}`,
}
