import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { Icon } from '../ui/icons.tsx'
import { useStore } from '../ui/use-store.ts'
import { useAction, useChat } from './context.ts'
import { FoundList } from './found-list.tsx'
import { groupsOf } from './labels.ts'
import { Row } from './row.tsx'

interface Props {
  /** On a phone, where it lies over the conversation. */
  isOpen: boolean
  onClose(): void
  children: ComponentChildren
}

export function Sidebar({ isOpen, onClose, children }: Props) {
  const { conversations, current, t } = useChat()
  const { query } = useStore(conversations)
  const { id } = useStore(current)
  const field = useRef<HTMLInputElement>(null)

  useEffect(() => {
    if (isOpen) field.current?.focus()
  }, [isOpen])

  return (
    <aside
      class="sidebar"
      aria-label={t('conversations')}
      onKeyDown={event => {
        if (event.key === 'Escape' && isOpen && !event.defaultPrevented) onClose()
      }}
    >
      <div class="head">
        {children}
        <button type="button" class="button quiet opener" aria-label={t('close')} onClick={onClose}>
          <Icon name="close" size={18} />
        </button>
      </div>
      <button
        type="button"
        class="fresh"
        aria-current={id === null ? 'page' : undefined}
        onClick={() => {
          current.enter(null)
          onClose()
        }}
      >
        <Icon name="plus" size={16} /> {t('fresh')}
      </button>
      <label class="search">
        <Icon name="search" size={16} />
        <input
          ref={field}
          type="search"
          placeholder={t('search')}
          aria-label={t('search')}
          value={query}
          onInput={event => conversations.search(event.currentTarget.value)}
          onKeyDown={event => {
            if (event.key !== 'Escape' || !query) return
            event.preventDefault()
            conversations.search('')
          }}
        />
      </label>
      {query.trim() ? <FoundList /> : <ConversationList />}
    </aside>
  )
}

function ConversationList() {
  const { conversations, t } = useChat()
  const { items, listing, status, hasMore } = useStore(conversations)
  const { isBusy, run } = useAction()
  const { isArchive, tag } = listing
  return (
    <nav class="list" aria-label={t(isArchive ? 'archive' : 'conversations')}>
      {(isArchive || tag) && (
        <div class="listing">
          <strong>{tag ? t('tagged', { tag }) : t('archive')}</strong>
          <button
            type="button"
            class="link"
            onClick={() => conversations.show({ isArchive: false, tag: null })}
          >
            {t(tag ? 'allTags' : 'backToList')}
          </button>
        </div>
      )}
      {status === 'failed' && (
        <button type="button" class="link" onClick={() => conversations.refresh()}>
          {t('retry')}
        </button>
      )}
      {status === 'loading' && <p class="muted empty">{t('loading')}</p>}
      {status === 'ready' && items.length === 0 && (
        <p class="muted empty">{t(isArchive ? 'archiveEmpty' : 'listEmpty')}</p>
      )}
      {groupsOf(items, Date.now()).map(([name, group]) => (
        <section key={name}>
          <h2>{t(name)}</h2>
          <ul>
            {group.map(item => (
              <Row key={item.id} conversation={item} />
            ))}
          </ul>
        </section>
      ))}
      {hasMore && (
        <button type="button" class="link" aria-busy={isBusy} onClick={() => run(conversations.loadMore)}>
          {t('more')}
        </button>
      )}
      {!isArchive && !tag && (
        <button
          type="button"
          class="link archive"
          onClick={() => conversations.show({ isArchive: true, tag: null })}
        >
          <Icon name="archive" size={14} /> {t('archive')}
        </button>
      )}
    </nav>
  )
}
