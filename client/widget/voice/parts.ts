import { Listen } from './listen.tsx'
import { Speak } from './speak.tsx'
import { begin } from './voice.ts'

/** What the second file asks the third one for. */
export const parts = { Listen, Speak, begin }
