import { useEffect, useMemo } from 'preact/hooks'
import type { ConversationStore } from '../sdk/index.ts'
import { Announcer } from '../ui/announcer.tsx'
import { Dots } from '../ui/dots.tsx'
import { Icon } from '../ui/icons.tsx'
import { pageErrorSentence } from '../ui/page-errors.ts'
import { useStickyScroll } from '../ui/use-sticky-scroll.ts'
import { useStore } from '../ui/use-store.ts'
import { readBranch } from './branches.ts'
import { useAction, useChat } from './context.ts'
import { MessageView } from './message.tsx'
import { OutgoingView } from './outgoing.tsx'

/** What was said; before the first question, what one may ask. */
export function Thread({ conversation }: { conversation: ConversationStore | null }) {
  return conversation ? <Messages conversation={conversation} /> : <Greeting />
}

function Greeting() {
  const { t } = useChat()
  return (
    <div class="thread greeting">
      <h2>{t('greeting')}</h2>
      <p class="muted">{t('greetingText')}</p>
    </div>
  )
}

function Messages({ conversation }: { conversation: ConversationStore }) {
  const { current, language, t } = useChat()
  const { leaf } = useStore(current)
  const state = useStore(conversation)
  const { messages, outgoing, typing, hasMore, status, error } = state
  const { scroller, isAtEnd, toEnd } = useStickyScroll(state)
  const { isBusy, run } = useAction()
  const { path, versions } = useMemo(() => readBranch(messages, leaf), [messages, leaf])
  const shown = path.filter(({ removed }) => removed !== 'retracted')
  const isAnswering = messages.some(({ status: now }) => now === 'streaming')
  const mayBranch = !isAnswering && state.conversation?.mode === 'ai' && state.conversation.status === 'open'
  const newest = messages.at(-1)?.seq ?? 0

  useEffect(() => {
    if (isAtEnd && document.visibilityState === 'visible') conversation.markRead()
  }, [conversation, isAtEnd, newest])

  return (
    <div class="thread">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled must be reachable by the keyboard */}
      <div class="scroller" ref={scroller} tabIndex={0}>
        <div class="flow" role="log" aria-live="off" aria-label={t('log')}>
          {hasMore && (
            <button
              type="button"
              class="button small older"
              aria-busy={isBusy}
              onClick={() => run(() => conversation.loadOlder())}
            >
              {t(isBusy ? 'loading' : 'older')}
            </button>
          )}
          {status === 'failed' && error && (
            <p class="problem" role="alert">
              {pageErrorSentence(error.code, language)}
            </p>
          )}
          {status === 'loading' && messages.length === 0 && <Skeleton />}
          {shown.map(message => (
            <MessageView
              key={message.id}
              conversation={conversation}
              message={message}
              phase={state.progress[message.id]}
              version={versions.get(message.id)!.at}
              versionCount={versions.get(message.id)!.count}
              mayBranch={mayBranch}
            />
          ))}
          {outgoing.map(item => (
            <OutgoingView key={item.key} item={item} conversation={conversation} />
          ))}
          {typing[0] && (
            <p class="doing">
              <Dots /> {t('typing', { name: typing[0].name ?? t('someone') })}
            </p>
          )}
        </div>
      </div>
      {!isAtEnd && (
        <button
          type="button"
          class="to-end"
          aria-label={t('toBottom')}
          title={t('toBottom')}
          onClick={() => toEnd('smooth')}
        >
          <Icon name="down" size={16} />
        </button>
      )}
      <Announcer state={state} language={language} t={t} />
    </div>
  )
}

function Skeleton() {
  const { t } = useChat()
  return (
    <div class="waiting" role="status" aria-label={t('loading')}>
      <i class="skeleton" />
      <i class="skeleton" />
      <i class="skeleton" />
    </div>
  )
}
