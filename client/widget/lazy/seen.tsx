import type { ConversationStore } from '../../sdk/index.ts'
import type { Shown } from '../core/context.ts'
import { useMore } from './words.ts'

/** Under the last of one's own messages, while a person reads them. */
export function Seen({ conversation, message }: { conversation: ConversationStore; message: Shown }) {
  const { t } = useMore()
  const { conversation: facts, messages, read } = conversation.get()
  const reader = facts?.mode === 'human' ? facts.agent?.id : undefined
  if (!reader || messages.findLast(({ role }) => role === 'user') !== message) return null
  return <p class="meta">{t((read[reader] ?? 0) >= message.seq ? 'seen' : 'delivered')}</p>
}
