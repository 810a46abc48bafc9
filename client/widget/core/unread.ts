import type { Message } from '#protocol'
import type { Slots } from '../../sdk/index.ts'
import type { Store } from '../../sdk/store.ts'
import type { WidgetState } from './model.ts'
import type { Emit } from './reporter.ts'

/** Counts what came while nobody was looking. An answer counts once it is whole: one that ends behind a closed panel is news. */
export function createUnreadCounter(slots: Slots, { get, set }: Store<WidgetState>, emit: Emit) {
  const isWatching = () => get().isOpen && document.visibilityState === 'visible'

  return (messages: Message[]) => {
    const whole = messages.filter(({ status }) => status !== 'streaming')
    const isNew = slots.read('seen') === null
    if (isWatching() || isNew) slots.write('seen', Math.max(0, ...whole.map(({ seq }) => seq)))
    const seen = slots.read<number>('seen') ?? 0
    const unread = whole.filter(({ removed, role, seq }) => role !== 'user' && seq > seen && !removed).length
    if (unread !== get().unread) {
      set({ unread })
      emit('unread', { count: unread })
    }
    if (isWatching()) get().conversation.markRead()
  }
}
