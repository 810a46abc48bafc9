import { pageTranslator } from '../../words.ts'
import { en } from './words.en.ts'
import { zh } from './words.zh.ts'

export type Words = Record<keyof typeof en, string>

export const translator = pageTranslator({ en, zh })
