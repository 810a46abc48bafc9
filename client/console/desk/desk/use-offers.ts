import type { Language } from '#protocol'
import { toParleyError } from '../../../sdk/index.ts'
import { useDesk, useDeskAction } from './context.ts'
import { useTranslate } from './translated.tsx'
import type { Writing } from './writing.ts'

/** Building an answer takes longer than other calls. */
const draftTimeoutMs = 90_000

/** A draft's reference marks: the visitor would see numbers without sources. */
const marks = / ?\[\d{1,3}\]/g

/** Asks for words that the agent has not written, to be read, and changed, before they are sent. */
export function useOffers(id: string, writing: Writing, focus: () => void) {
  const { desk, toasts, t } = useDesk()
  const drafting = useDeskAction()
  const translating = useDeskAction()
  const translate = useTranslate(id)

  /** Null where the visitor waits for no answer. */
  async function draftFor(conversation_id: string) {
    try {
      return await desk.client.call('draft:suggest', { conversation_id }, { timeout: draftTimeoutMs })
    } catch (thrown) {
      if (toParleyError(thrown).code === 'CONFLICT') return null
      throw thrown
    }
  }

  return {
    isDrafting: drafting.isBusy,
    isTranslating: translating.isBusy,
    async draft() {
      if (drafting.isBusy) return
      focus()
      writing.setMode('reply')
      await drafting.run(async () => {
        const draft = await draftFor(id)
        if (!draft) return toasts.say(t('nothingToDraft'))
        const { references } = draft
        writing.offer({ kind: 'draft', text: draft.text.replace(marks, ''), references }, '')
      })
    },
    async translate(original: string, to: Language) {
      focus()
      await translating.run(async () => {
        const translation = await translate(original, to)
        writing.offer({ kind: 'translation', text: translation, references: null }, original)
      })
    },
  }
}
