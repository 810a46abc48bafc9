import type { SpeechWords } from './words.ts'

export const speechWordsEn: SpeechWords = {
  notConfigured: 'This server does not speak.',
  unavailable: 'This cannot be read aloud at the moment.',
  overBudget: 'Reading aloud has reached its limit for now.',
  tooMuchToday: 'A lot was read aloud already. Please read, or try again later.',
  tooManySpeeches: 'Something is being read aloud already. Stop that first.',
}
