import { Fragment } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Handoff, Message } from '#protocol'
import type { Note } from '#protocol/chat/conversation'
import type { ConversationState, ConversationStore, Outgoing } from '../../../sdk/index.ts'
import { AttachedFiles } from '../../../ui/attachments.tsx'
import { errorSentence } from '../../../ui/errors.ts'
import { Icon } from '../../../ui/icons.tsx'
import { clockLabel, dateLabel } from '../../../ui/time.ts'
import { useStickyScroll } from '../../../ui/use-sticky-scroll.ts'
import { tabSlots } from '../../tab-state.ts'
import { useDesk, useDeskState } from './context.ts'
import { splitMentions } from './mentions.ts'
import { MessageView } from './message.tsx'
import { useTarget } from './use-target.ts'

interface Props {
  store: ConversationStore
  state: ConversationState
  /** Whose seen mark counts. */
  visitorId: string | null
  visitorName: string
  isTranslated: boolean
}

type Item = { at: string; key: string } & ({ message: Message } | { note: Note })

/** Scrolling has ended when nothing moved for so long. */
const noteAfterMs = 120

export function Thread({ store, state, visitorId, visitorName, isTranslated }: Props) {
  const { desk, t, language } = useDesk()
  const { scroller, isAtEnd, toEnd, follows } = useEnd(state, desk.me)
  useTarget(store, state, scroller, follows)
  const [isLoading, setLoading] = useState(false)
  const { messages, outgoing, typing, hasMore } = state
  const items = interleave(state)
  const seenSeq = (visitorId && state.read[visitorId]) || 0
  const lastSeen = messages.findLast(({ role, seq }) => role === 'agent' && seq <= seenSeq)
  const typist = typing[0]
  const { conversation } = state
  const mayWrite = conversation?.status === 'open' && conversation.agent?.id === desk.me

  async function loadOlder() {
    setLoading(true)
    await store.loadOlder().catch(() => {})
    setLoading(false)
  }

  return (
    <div class="thread">
      <div class="scroller" ref={scroller} tabIndex={-1}>
        <div class="log" role="log" aria-label={t('log')}>
          {hasMore && (
            <button type="button" class="button small older" disabled={isLoading} onClick={loadOlder}>
              {t(isLoading ? 'loading' : 'older')}
            </button>
          )}
          {items.map((item, index) => {
            const day = new Date(item.at).toDateString()
            const before = items[index - 1]
            const isNewDay = !before || new Date(before.at).toDateString() !== day
            return (
              <Fragment key={item.key}>
                {isNewDay && <p class="day">{dateLabel(item.at, language)}</p>}
                {'note' in item ? (
                  <NoteView note={item.note} />
                ) : (
                  <MessageView
                    message={item.message}
                    phase={state.progress[item.message.id]}
                    visitorName={visitorName}
                    isSeen={item.message === lastSeen}
                    isTranslated={isTranslated}
                    mayWrite={mayWrite}
                  />
                )}
              </Fragment>
            )
          })}
          {state.handoff && <Rating handoff={state.handoff} />}
          {outgoing.map(item => (
            <OutgoingView key={item.key} item={item} store={store} />
          ))}
          {typist && (
            <p class="typing">
              <span class="dots" aria-hidden="true">
                <i />
                <i />
                <i />
              </span>
              {t('typing', { name: typist.name ?? visitorName })}
            </p>
          )}
        </div>
      </div>
      {!isAtEnd && (
        <button
          type="button"
          class="to-end"
          aria-label={t('toEnd')}
          title={t('toEnd')}
          onClick={() => toEnd()}
        >
          <Icon name="down" size={18} />
        </button>
      )}
    </div>
  )
}

/** Messages and notes in the order of time; notes from before the messages read so far wait for those. */
function interleave({ messages, notes, hasMore }: ConversationState): Item[] {
  const from = hasMore ? (messages[0]?.created_at ?? '') : ''
  const items: Item[] = [
    ...messages.map(message => ({ at: message.created_at, key: message.id, message })),
    ...notes
      .filter(note => note.created_at >= from)
      .map(note => ({ at: note.created_at, key: note.id, note })),
  ]
  // Of messages, the order they have is the order of the conversation.
  return notes.length === 0 ? items : items.sort((a, b) => a.at.localeCompare(b.at))
}

/** What the visitor says of the talk that has ended. */
function Rating({ handoff: { rating, rating_comment } }: { handoff: Handoff }) {
  const { t } = useDesk()
  if (rating === null) return null
  return (
    <div class="day system">
      {t('rated', { rating })}
      {rating_comment && <blockquote class="said">{rating_comment}</blockquote>}
    </div>
  )
}

function NoteView({ note: { kind, author, content, created_at } }: { note: Note }) {
  const { t, language } = useDesk()
  const { agents } = useDeskState()
  return (
    <article class={`message note ${kind}`}>
      <p class="by">
        <Icon name={kind === 'guide' ? 'spark' : 'note'} size={14} />{' '}
        {t(kind === 'guide' ? 'whisper' : 'privateNote')} · {author.name ?? t('agent')}{' '}
        <time dateTime={created_at}>{clockLabel(created_at, language)}</time>
      </p>
      <div class="bubble" dir="auto">
        {splitMentions(content, agents).map((part, index) => (index % 2 ? <b key={index}>{part}</b> : part))}
      </div>
    </article>
  )
}

function OutgoingView({ item, store }: { item: Outgoing; store: ConversationStore }) {
  const { desk, t, language } = useDesk()
  const isFailed = item.status === 'failed'
  const why = item.error && item.error.code !== 'DISCONNECTED' ? errorSentence(item.error.code, language) : ''
  return (
    <article class="message agent own">
      {item.content && <div class="bubble pending">{item.content}</div>}
      <AttachedFiles files={item.attachments} access={desk.client.access} language={language} t={t} />
      <p class={isFailed ? 'under problem' : 'under'} role={isFailed ? 'alert' : undefined}>
        {isFailed ? t('notSent') : t('sending')} {why}{' '}
        {isFailed && (
          <>
            <button type="button" class="link" onClick={() => store.retry(item.key)}>
              {t('retry')}
            </button>{' '}
            <button type="button" class="link" onClick={() => store.discard(item.key)}>
              {t('discard')}
            </button>
          </>
        )}
      </p>
    </article>
  )
}

/** Follows the end while the reader is there; whoever comes back to the tab reads on where they were. */
function useEnd(state: ConversationState, me: string) {
  const { conversation, notes } = state
  const noted = notes.findLast(({ author }) => author.id === me)?.id
  const { scroller, isAtEnd, toEnd, follows } = useStickyScroll(state)
  const shownNote = useRef(noted)

  useLayoutEffect(() => {
    const { current } = scroller
    if (!current) return
    const slots = tabSlots(me)
    const slot = `place:${conversation?.id}`
    if (scrollTo(current, slots.read<Place>(slot))) follows.current = false
    // Once it stands still: when the page is left its layout is another already.
    let timer: ReturnType<typeof setTimeout> | undefined
    const note = () => slots.write(slot, follows.current ? null : placeOf(current))
    const noteSoon = () => {
      clearTimeout(timer)
      timer = setTimeout(note, noteAfterMs)
    }
    current.addEventListener('scroll', noteSoon, { passive: true })
    return () => {
      clearTimeout(timer)
      current.removeEventListener('scroll', noteSoon)
    }
  }, [])

  useLayoutEffect(() => {
    if (noted !== shownNote.current) toEnd()
    shownNote.current = noted
  }, [noted])

  return { scroller, isAtEnd, toEnd, follows }
}

/** What was at the top of a thread, and how far below its edge, in CSS pixels. */
interface Place {
  message: string
  offset: number
}

function placeOf(scroller: HTMLElement): Place | null {
  const { top } = scroller.getBoundingClientRect()
  for (const element of scroller.querySelectorAll<HTMLElement>('[data-message]')) {
    const box = element.getBoundingClientRect()
    if (box.bottom > top) return { message: element.dataset.message ?? '', offset: box.top - top }
  }
  return null
}

/** @returns whether what stood there is there */
function scrollTo(scroller: HTMLElement, place: Place | null): boolean {
  const element = place && scroller.querySelector(`[data-message="${place.message}"]`)
  if (!element) return false
  scroller.scrollTop +=
    element.getBoundingClientRect().top - scroller.getBoundingClientRect().top - place.offset
  return true
}
