import { useEffect, useRef, useState } from 'preact/hooks'
import type { ConversationState } from '../sdk/index.ts'
import { Icon } from '../ui/icons.tsx'
import icon from '../ui/parley.svg'
import type { User } from '../ui/session.ts'
import { useStore } from '../ui/use-store.ts'
import { Composer } from './composer.tsx'
import { Consent, useConsent } from './consent.tsx'
import { useChat } from './context.ts'
import { labelOf } from './labels.ts'
import { ModelPicker } from './model-picker.tsx'
import { Notice } from './notice.tsx'
import { Palette } from './palette.tsx'
import { Sidebar } from './sidebar.tsx'
import { Thread } from './thread.tsx'

const nothing = { get: () => null, subscribe: () => () => {} }

export function Workspace({ user, tools }: { user: User; tools: preact.JSX.Element }) {
  const { conversations, current, client, session, language, t } = useChat()
  const { id, conversation } = useStore(current)
  const { items } = useStore(conversations)
  const state = useStore<ConversationState | null>(conversation ?? nothing)
  const [isListOpen, setListOpen] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  const [wording, agree] = useConsent()
  const shown = state?.conversation ?? items.find(item => item.id === id)
  const title = shown ? labelOf(shown, language, t) : t('fresh')
  const name = user.name ?? user.username ?? user.email ?? ''

  useEffect(() => {
    document.title = `${title} · Parley`
  }, [title])
  useEffect(() => setListOpen(false), [id])
  useFreshList()

  function closeList() {
    setListOpen(false)
    opener.current?.focus()
  }

  return (
    <div class={isListOpen ? 'chat list-open' : 'chat'}>
      <button
        type="button"
        class="skip button"
        onClick={() => document.querySelector<HTMLElement>('.composer textarea')?.focus()}
      >
        {t('skip')}
      </button>
      <Sidebar isOpen={isListOpen} onClose={closeList}>
        <a class="brand" href="./chat" aria-label={`Parley · ${t('fresh')}`} onClick={enterNew}>
          <img src={icon} alt="" width="24" height="24" />
          <strong>Parley</strong>
        </a>
      </Sidebar>
      {isListOpen && <button type="button" class="veil" aria-label={t('close')} onClick={closeList} />}
      <Palette />
      <main inert={isListOpen}>
        <header class="bar">
          <button
            ref={opener}
            type="button"
            class="button quiet opener"
            aria-label={t('open')}
            aria-expanded={isListOpen}
            title={t('open')}
            onClick={() => setListOpen(true)}
          >
            <Icon name="menu" size={18} />
          </button>
          <h1 dir="auto">{title}</h1>
          <ModelPicker />
          <div class="tools">
            {tools}
            <button
              type="button"
              class="button quiet"
              aria-label={`${t('signOut')} (${name})`}
              title={`${t('signOut')} (${name})`}
              onClick={() => session.signOut()}
            >
              <Icon name="leave" size={18} />
            </button>
          </div>
        </header>
        <Notice conversation={conversation} />
        <Thread key={id ?? 'new'} conversation={conversation} />
        {wording ? (
          <Consent client={client} wording={wording} onAgree={agree} />
        ) : (
          <Composer key={`composer ${id ?? 'new'}`} />
        )}
      </main>
    </div>
  )

  function enterNew(event: MouseEvent) {
    event.preventDefault()
    current.enter(null)
  }
}

/** What was said on other devices is in the list as soon as somebody looks at it. */
function useFreshList() {
  const { conversations } = useChat()
  useEffect(() => {
    const refresh = () => document.visibilityState === 'visible' && void conversations.refresh()
    refresh()
    document.addEventListener('visibilitychange', refresh)
    return () => document.removeEventListener('visibilitychange', refresh)
  }, [conversations])
}
