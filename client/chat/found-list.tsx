import type { ComponentChildren } from 'preact'
import { useStore } from '../ui/use-store.ts'
import { useAction, useChat } from './context.ts'
import type { Found } from './conversations.ts'
import { labelOf, snippetOf } from './labels.ts'

/** What was searched for, with the words around it. */
export function FoundList() {
  const { conversations, t } = useChat()
  const { found, query, nextCursor } = useStore(conversations)
  const { isBusy, run } = useAction()
  return (
    <nav class="list found" aria-label={t('search')}>
      <p class={found?.length ? 'hidden' : 'muted empty'} role="status">
        {found ? found.length === 0 && t('foundNone', { query: query.trim() }) : t('searching')}
      </p>
      <ul>
        {found?.map(each => (
          <FoundRow key={`${each.conversation.id} ${each.message?.id}`} found={each} />
        ))}
      </ul>
      {nextCursor && (
        <button type="button" class="link" aria-busy={isBusy} onClick={() => run(conversations.loadMore)}>
          {t('more')}
        </button>
      )}
    </nav>
  )
}

function FoundRow({ found: { conversation, message, highlights } }: { found: Found }) {
  const { current, language, t } = useChat()
  return (
    <li>
      <button
        type="button"
        class="row"
        aria-current={current.get().id === conversation.id ? 'page' : undefined}
        onClick={() => current.enter(conversation.id)}
      >
        <span class="name" dir="auto">
          {labelOf(conversation, language, t)}
        </span>
        {message && (
          <span class="snippet" dir="auto">
            {marked(message.content, highlights)}
          </span>
        )}
      </button>
    </li>
  )
}

function marked(content: string, highlights: Found['highlights']): ComponentChildren[] {
  const snippet = snippetOf(content, highlights)
  const parts: ComponentChildren[] = []
  let end = 0
  for (const each of snippet.highlights) {
    parts.push(snippet.text.slice(end, each.start), <mark>{snippet.text.slice(each.start, each.end)}</mark>)
    end = each.end
  }
  return [...parts, snippet.text.slice(end)]
}
