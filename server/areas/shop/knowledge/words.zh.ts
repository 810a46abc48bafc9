import type { PlaceWords } from './place.ts'

export const zh: PlaceWords = {
  page: number => `第 ${number} 页`,
  row: number => `第 ${number} 行`,
  slide: number => `第 ${number} 张幻灯片`,
}
