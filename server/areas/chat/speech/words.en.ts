import type { SpeechWords } from './words.ts'

export const speechWordsEn: SpeechWords = {
  notConfigured: 'Reading aloud is not set up on this server.',
  unavailable: 'This cannot be read aloud at the moment.',
  overBudget: 'Reading aloud has reached its limit for now.',
  tooMuchToday: 'You’ve reached the limit for reading aloud today. Please read the text, or try again later.',
  tooManySpeeches: 'Something is already being read aloud. Stop that first.',
}
