import type { ConversationStore } from '../../sdk/index.ts'
import type { Shown } from '../core/context.ts'
import { useStore } from '../core/shared.ts'
import { useLazy } from './words.ts'

/** Under the newest of one's own messages, while a person reads them. */
export function Seen({ conversation, message }: { conversation: ConversationStore; message: Shown }) {
  const { t } = useLazy()
  const { conversation: current, read } = useStore(conversation)
  const reader = current?.mode === 'human' ? current.agent?.id : undefined
  if (!reader) return null
  return <p class="meta">{t((read[reader] ?? 0) >= message.seq ? 'seen' : 'delivered')}</p>
}
