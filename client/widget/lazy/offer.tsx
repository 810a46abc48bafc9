import type { ConversationStore } from '../../sdk/index.ts'
import { useTask } from '../../ui/use-task.ts'
import { useStore } from '../core/shared.ts'
import { requestPerson } from './handoff.ts'
import { Problem } from './problem.tsx'
import { useLazy } from './words.ts'

/** Below a message that offers a person. Dead while somebody else than the assistant has the conversation. */
export function Offer({ conversation }: { conversation: ConversationStore }) {
  const { model, t } = useLazy()
  const { isBusy, error, run } = useTask()
  const mode = useStore(conversation).conversation?.mode
  return (
    <div class="offer">
      <button
        type="button"
        class="main"
        disabled={mode !== 'ai' || isBusy}
        onClick={() => run(() => requestPerson(model))}
      >
        {t('talk')}
      </button>
      <Problem error={error} conflict={t('elsewhere')} />
    </div>
  )
}
