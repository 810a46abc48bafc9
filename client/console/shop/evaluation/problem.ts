import type { ParleyError } from '../../../sdk/error.ts'
import type { translator } from './words.ts'

/** What is said of a question that was not taken. */
export function caseProblem(t: ReturnType<typeof translator>) {
  return ({ code, details }: ParleyError): string | false => {
    if (code !== 'CONFLICT') return false
    const { reason } = (details ?? {}) as { reason?: string }
    return reason === 'exists' ? t('existsAlready') : reason === 'too_many' ? t('tooManyCases') : t('noCases')
  }
}
