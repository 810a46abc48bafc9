import type { ConversationStore } from '../../sdk/index.ts'
import type { Shown } from '../core/context.ts'
import { useLazy } from './words.ts'

/** Under the last of one's own messages, while a person reads them. */
export function Seen({ conversation, message }: { conversation: ConversationStore; message: Shown }) {
  const { t } = useLazy()
  const { conversation: current, messages, read } = conversation.get()
  const reader = current?.mode === 'human' ? current.agent?.id : undefined
  if (!reader || messages.findLast(({ role }) => role === 'user') !== message) return null
  return <p class="meta">{t((read[reader] ?? 0) >= message.seq ? 'seen' : 'delivered')}</p>
}
