import type { ParleyError } from '../../sdk/error.ts'
import { errorSentence, retryAfter } from '../core/shared.ts'
import { durationLabel, useLazy } from './words.ts'

interface Props {
  error: ParleyError | null
  /** What is said of input that is not as it should be. */
  invalid?: string
  /** What is said of a state of things that does not allow it. */
  conflict?: string
}

/** Why something did not work, in words. */
export function Problem({ error, invalid, conflict }: Props) {
  const { language, t } = useLazy()
  if (!error) return null
  const { code, details } = error
  const wait = code === 'RATE_LIMITED' ? retryAfter(details) : 0
  return (
    <p class="problem" role="alert">
      {wait
        ? t('tooOften', { time: durationLabel(wait, language) })
        : code === 'INVALID_CODE'
          ? t('wrongCode')
          : code === 'VALIDATION_ERROR' && invalid
            ? invalid
            : code === 'CONFLICT' && conflict
              ? conflict
              : errorSentence(code, language)}
    </p>
  )
}
