import type { ConversationStore, Wording } from '../../sdk/index.ts'
import { useTask } from '../../ui/use-task.ts'
import { Markup, toParleyError, useState } from '../core/shared.ts'
import { Problem } from './problem.tsx'
import { useLazy } from './words.ts'

interface Props {
  conversation: ConversationStore
  wording: Wording
  onAgree(): void
}

/** In place of the box to write in, until it is agreed to. */
export function Consent({ conversation, wording, onAgree }: Props) {
  const { model, language, t } = useLazy()
  const [newer, setNewer] = useState<Wording | null>(null)
  const { isBusy, error, run } = useTask()
  const { version, text } = newer ?? wording

  async function agree() {
    try {
      await model.client.call('privacy:consent', { version })
    } catch (thrown) {
      // The wording was changed meanwhile: the new one is to be read first.
      const { details } = toParleyError(thrown)
      setNewer((details as { consent?: Wording } | undefined)?.consent ?? null)
      throw thrown
    }
    onAgree()
    for (const item of conversation.get().outgoing) if (item.status === 'failed') conversation.retry(item.key)
  }

  return (
    <section class="consent card" aria-label={t('consent')}>
      <div class="text" dir="auto">
        <Markup content={text[language]} />
      </div>
      <Problem error={error} />
      <div class="answers">
        <button type="button" class="main" disabled={isBusy} onClick={() => run(agree)}>
          {t('agree')}
        </button>
      </div>
    </section>
  )
}
