import type { Language } from '#protocol'
import type { Call } from '../../../core/call.ts'

/** The language to answer in: as requested, else of the text, else the caller's. */
export function languageOf(requested: Language | undefined, call: Call, text = ''): Language {
  return requested ?? (/\p{Script=Han}/u.test(text) ? 'zh' : (call.caller.language ?? 'en'))
}
