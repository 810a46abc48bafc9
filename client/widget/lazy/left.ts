import type { ConversationState, Slots } from '../../sdk/index.ts'

/** A conversation as it was when it was left. */
export interface Left {
  /** Messages in it. */
  count: number
  /** What it began with, as far as that was shown. */
  label: string
}

/** Conversations of which it is remembered how much of them was read. */
const leftMax = 20
const labelLength = 80

/** What comes into it from here on is news. */
export function rememberLeft(slots: Slots, { conversation, messages }: ConversationState): void {
  if (!conversation) return
  const { [conversation.id]: before, ...others } = slots.read<Record<string, Left>>('left') ?? {}
  const first = messages.find(({ role }) => role === 'user')?.content ?? ''
  const left: Left = {
    count: conversation.message_count,
    label: before?.label || first.slice(0, labelLength),
  }
  slots.write(
    'left',
    Object.fromEntries([...Object.entries(others), [conversation.id, left]].slice(-leftMax)),
  )
}
