import type { ParleyError } from '../../sdk/error.ts'
import { errorSentence } from '../../ui/errors.ts'
import { useMore } from './words.ts'

/** Why something did not work, in words. */
export function Problem({ error }: { error: ParleyError | null }) {
  const { language } = useMore()
  if (!error) return null
  return (
    <p class="problem" role="alert">
      {errorSentence(error.code, language)}
    </p>
  )
}
