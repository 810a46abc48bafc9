import { type ComponentChildren, Fragment } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { ConversationState, ConversationStore } from '../../sdk/index.ts'
import { Announcer } from '../../ui/announcer.tsx'
import { Dots } from '../../ui/dots.tsx'
import { Glyph } from '../../ui/glyph.tsx'
import * as glyphs from '../../ui/glyphs.tsx'
import { memo } from '../../ui/memo.ts'
import { useStickyScroll } from '../../ui/use-sticky-scroll.ts'
import { type Author, type Shown, useWidget } from './context.ts'
import { dayLabel, isSameGroup } from './dates.ts'
import { MessageView } from './message.tsx'
import { OutgoingView } from './outgoing.tsx'
import { Welcome } from './welcome.tsx'

interface Props {
  conversation: ConversationStore
  state: ConversationState
  /** Nothing is to be agreed to first. */
  mayAsk: boolean
  /** What stands above it, and scrolls with it where there is little height. */
  children: ComponentChildren
}

export function Thread({ conversation, state, mayAsk, children }: Props) {
  const { language, t } = useWidget()
  const { messages, outgoing, typing, hasMore, status } = state
  const { scroller, isAtEnd, toEnd } = useStickyScroll(state)
  const [seen, setSeen] = useState(0)
  const [isLoading, setLoading] = useState(false)
  const typist = typing[0]
  const last = messages.at(-1)
  const newest = last?.seq ?? 0
  const question = last && messages.findLast(({ id }) => id === last.in_reply_to)
  const ownNewest = messages.findLast(({ role }) => role === 'user')?.id

  useEffect(() => {
    if (isAtEnd) setSeen(newest)
  }, [isAtEnd, newest])

  async function loadOlder() {
    setLoading(true)
    await conversation.loadOlder().catch(() => {})
    setLoading(false)
  }

  return (
    <div class="thread">
      <div class="scroller" ref={scroller} tabIndex={-1}>
        <div class="flow">
          {children}
          <div class="log" role="log" aria-live="off" aria-label={t('log')}>
            {hasMore && (
              <button type="button" class="chip older" disabled={isLoading} onClick={loadOlder}>
                {isLoading ? t('loading') : t('older')}
              </button>
            )}
            {status === 'loading' && messages.length === 0 && <Skeleton />}
            {status !== 'loading' && messages.length + outgoing.length === 0 && <Welcome mayAsk={mayAsk} />}
            <div>
              {chunksOf(messages).map((chunk, index, chunks) => (
                <Chunk
                  key={chunkOf(chunk[0])}
                  conversation={conversation}
                  messages={chunk}
                  before={chunks[index - 1]?.at(-1)}
                  question={index === chunks.length - 1 ? question : undefined}
                  ownNewest={ownNewest}
                  progress={chunk.some(({ status }) => status === 'streaming') ? state.progress : noProgress}
                  agent={state.conversation?.agent ?? null}
                />
              ))}
            </div>
            {outgoing.map(item => (
              <OutgoingView key={item.key} item={item} conversation={conversation} />
            ))}
            {typist && (
              <p class="typing">
                <Dots /> {t('typing', { name: typist.name ?? t('someone') })}
              </p>
            )}
          </div>
        </div>
      </div>
      {!isAtEnd && (
        <button
          type="button"
          class="chip pill"
          aria-label={newest > seen ? undefined : t('toBottom')}
          onClick={() => toEnd('smooth')}
        >
          <Glyph of={glyphs.down} size={16} />
          {newest > seen && <span>{t('newMessages')}</span>}
        </button>
      )}
      <Announcer state={state} language={language} t={t} />
    </div>
  )
}

interface ChunkProps {
  conversation: ConversationStore
  messages: Shown[]
  /** The one above them. */
  before: Shown | undefined
  /** What the newest message of all answers, where it is among these. */
  question: Shown | undefined
  /** Id of the visitor's own newest. */
  ownNewest: string | undefined
  progress: ConversationState['progress']
  agent: Author | null
}

const noProgress = {}
/** How many durable events a chunk spans. */
const chunkSpan = 32
const chunkOf = (message: Shown | undefined) => Math.floor((message?.seq ?? 0) / chunkSpan)

/** In groups that stay the same while messages come above and below. */
function chunksOf(messages: Shown[]): Shown[][] {
  const chunks: Shown[][] = []
  for (const message of messages) {
    if (message.removed === 'retracted') continue
    const chunk = chunks.at(-1)
    if (chunk && chunkOf(chunk[0]) === chunkOf(message)) chunk.push(message)
    else chunks.push([message])
  }
  return chunks
}

/** Some messages in a row. A word that comes in renders its own chunk, however long the conversation is. */
const Chunk = memo((props: ChunkProps) => {
  const { model, language, t } = useWidget()
  const { conversation, messages, question, ownNewest, progress, agent } = props
  return (
    <div class="chunk">
      {messages.map((message, index) => {
        const before = messages[index - 1] ?? props.before
        const day = dayLabel(message.created_at, before?.created_at, { now: model.client.now(), language, t })
        return (
          <Fragment key={message.id}>
            {day && <p class="day">{day}</p>}
            <MessageView
              conversation={conversation}
              message={message}
              phase={progress[message.id]}
              isFirst={Boolean(day) || !before || !isSameGroup(before, message)}
              question={index === messages.length - 1 ? question?.content : undefined}
              isOwnNewest={message.id === ownNewest}
              agent={message.role === 'agent' ? agent : null}
            />
          </Fragment>
        )
      })}
    </div>
  )
})

function Skeleton() {
  const { t } = useWidget()
  return (
    <div class="skeleton" role="status" aria-label={t('loading')}>
      <i />
      <i />
      <i />
    </div>
  )
}
