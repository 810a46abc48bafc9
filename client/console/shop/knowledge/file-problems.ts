import type { FileProblem } from '#protocol/shop/knowledge'
import type { ParleyError } from '../../../sdk/error.ts'
import { createTranslator, type Language, locale } from '../../../ui/i18n.ts'
import { pageErrorSentence } from '../../../ui/page-errors.ts'
import { en } from './file-problems.en.ts'
import { zh } from './file-problems.zh.ts'

export type FileProblemWords = Record<FileProblem, string>

const translator = createTranslator<FileProblem>({ en, zh })

/** Why a document could not be added, and what helps. */
export function fileProblemSentence(
  { code, details }: { code: string; details?: unknown },
  language: Language,
): string {
  const { reason, max } = (details ?? {}) as { reason?: FileProblem; max?: number }
  if (code !== 'UNPROCESSABLE_FILE' || !reason || !(reason in en))
    return pageErrorSentence(code as ParleyError['code'], language)
  return translator(language)(reason, { max: max?.toLocaleString(locale(language)) ?? '' })
}
