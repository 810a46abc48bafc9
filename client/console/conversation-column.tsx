import type { Column } from '../ui/table.tsx'
import { useConsole } from './context.ts'
import { translator } from './words.ts'

/** The last column of rows that belong to a conversation: the way to it. */
export function useConversationColumn<T extends { conversation_id: string }>(): Column<T> {
  const { t, deskLoader } = useConsole(translator)

  async function open(conversationId: string) {
    await deskLoader.open()
    deskLoader.get().desk?.show(conversationId)
    location.hash = '#/desk'
  }

  return {
    name: 'open',
    label: '',
    kind: 'end',
    cell: ({ conversation_id }) => (
      <button
        type="button"
        class="button small"
        aria-label={t('openConversation')}
        onClick={() => void open(conversation_id)}
      >
        {t('open')}
      </button>
    ),
  }
}
