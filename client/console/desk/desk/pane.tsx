import type { RefObject } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Conversation } from '#protocol'
import type { Queued } from '#protocol/desk/handoff'
import type { ConversationState } from '../../../sdk/index.ts'
import { Avatar } from '../../../ui/avatar.tsx'
import { Icon } from '../../../ui/icons.tsx'
import { useStore } from '../../../ui/use-store.ts'
import { Skeleton } from '../../state.tsx'
import { useTabState } from '../../tab-state.ts'
import { Composer } from './composer.tsx'
import { type CommandName, labelOf, useAttempt, useDesk, useDeskState } from './context.ts'
import { CompleteDialog, forgetFields, TransferDialog } from './endings.tsx'
import { deskErrorSentence } from './errors.ts'
import { Thread } from './thread.tsx'
import { useVisitorDetails } from './use-visitor-details.ts'
import { VisitorDetails } from './visitor-details.tsx'
import type { T } from './words.ts'

interface Props {
  id: string
  isCurrent: boolean
  isAlone: boolean
}

/** Enough room for the facts beside the thread, in CSS pixels. */
const factsFrom = 1180

interface Asking {
  what: 'transfer' | 'complete'
  entry: Queued
}

/** One conversation: its thread, what is known of the visitor, and where the agent writes. */
export function Pane({ id, isCurrent, isAlone }: Props) {
  const { desk, commands, t, language } = useDesk()
  const { waiting, mine } = useDeskState()
  const store = desk.conversation(id)
  const state = useStore(store)
  const attempt = useAttempt()
  const [asking, setAsking] = useState<Asking | null>(null)
  const pane = useRef<HTMLElement>(null)
  const [hasDetails, toggleDetails] = useShownDetails(id, pane, isAlone)
  const [isTranslated, setTranslated] = useTabState(`translated:${id}`, false)
  const details = useVisitorDetails(id)
  const entry = [...mine, ...waiting].find(entry => entry.conversation_id === id)
  const isMine = entry?.status === 'active'
  const { conversation, handoff } = state
  const name = conversation ? (details?.name ?? labelOf(conversation, t)) : t('visitor', { id: id.slice(-4) })

  const isFailed = state.status === 'failed'
  const [writing, isWriting, onLeave] = useWriting(isMine && conversation !== null && !isFailed)

  const ask = (what: 'transfer' | 'complete') => entry && setAsking({ what, entry })
  const take = () => void (entry && attempt(() => desk.take(entry)))
  useCommands(commands, id, {
    transfer: isMine ? () => ask('transfer') : undefined,
    complete: isMine ? () => ask('complete') : undefined,
    details: toggleDetails,
    take: entry && !isMine ? take : undefined,
  })
  useSeen(id, isCurrent)
  // Shown or chosen by hand, it is in view: what arrives makes no conversation the current one.
  useLayoutEffect(() => {
    if (isCurrent && !isAlone) pane.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [isCurrent])
  useEffect(() => {
    if (conversation && !isMine) desk.notAwaited(id)
  }, [desk, id, conversation === null, isMine])

  return (
    <section
      ref={pane}
      tabIndex={-1}
      class={`pane ${isCurrent ? 'current' : ''} ${hasDetails ? 'has-facts' : ''}`}
      aria-label={name}
      onFocusIn={() => isCurrent || desk.focus(id)}
      onMouseDown={() => isCurrent || desk.focus(id)}
    >
      <header class="pane-head">
        <button
          type="button"
          class="button quiet back"
          aria-label={t('back')}
          title={t('back')}
          onClick={() => desk.hide(id)}
        >
          <Icon name="back" size={18} />
        </button>
        <Avatar name={details?.name ?? conversation?.visitor?.name ?? null} />
        <Title name={name} conversation={conversation} />
        <Actions
          id={id}
          onTake={entry && !isMine ? take : null}
          onAsk={isMine ? ask : null}
          isTranslated={isTranslated}
          onTranslate={() => setTranslated(!isTranslated)}
          hasDetails={hasDetails}
          onDetails={toggleDetails}
        />
      </header>
      <div class="pane-body">
        <div class="talk">
          {isFailed && state.error ? (
            <div class="empty" role="alert">
              <p>{deskErrorSentence(state.error, t, language)}</p>
            </div>
          ) : conversation ? (
            <Thread
              store={store}
              state={state}
              visitorId={details?.id ?? null}
              visitorName={name}
              isTranslated={isTranslated}
            />
          ) : (
            <Skeleton label={t('loading')} />
          )}
          <div class="writing" ref={writing} onFocusOut={onLeave}>
            {conversation && !isFailed && !isWriting && <p class="closed">{closedBecause(state, t)}</p>}
            {(isWriting || (conversation && !isFailed)) && (
              <Composer
                id={id}
                store={store}
                mayReply={isWriting}
                closed={isMine && !isFailed ? null : closedBecause(state, t)}
                translateTo={isTranslated && conversation ? conversation.language : null}
              />
            )}
          </div>
        </div>
        {hasDetails && (
          <VisitorDetails id={id} conversation={conversation} handoff={handoff} details={details} />
        )}
      </div>
      {asking && <EndingDialog {...asking} onClose={() => setAsking(null)} />}
    </section>
  )
}

/**
 * Where the agent writes stays as long as they write there, also when the conversation is no longer theirs: with it the focus would go to the page,
 * which takes what is typed for its commands.
 */
function useWriting(
  isOpen: boolean,
): [RefObject<HTMLDivElement | null>, boolean, (event: FocusEvent) => void] {
  const box = useRef<HTMLDivElement>(null)
  const before = useRef(isOpen)
  const [, refresh] = useState({})
  const isWriting = isOpen || (before.current && Boolean(box.current?.contains(document.activeElement)))
  before.current = isWriting
  return [
    box,
    isWriting,
    ({ relatedTarget }) => {
      // A window that is left keeps its focus.
      if (!isOpen && document.hasFocus() && !box.current?.contains(relatedTarget as Node | null)) {
        before.current = false
        refresh({})
      }
    },
  ]
}

function EndingDialog({ what, entry, onClose }: Asking & { onClose(): void }) {
  const { desk, toasts, t } = useDesk()
  const attempt = useAttempt()
  const [Dialog, end, notice] =
    what === 'transfer'
      ? ([TransferDialog, desk.release, 'transferred'] as const)
      : ([CompleteDialog, desk.complete, 'completed'] as const)
  return (
    <Dialog
      handoff={entry}
      onAnswer={async ending => {
        onClose()
        if (!ending || !(await attempt(() => end({ handoff_id: entry.id, ...ending })))) return
        forgetFields(desk.client, entry.id)
        toasts.say(t(notice))
      }}
    />
  )
}

function closedBecause({ conversation, handoff }: ConversationState, t: T): string {
  if (conversation?.mode === 'queued') return t('notTaken')
  if (conversation?.mode === 'human') return t('takenBy', { name: conversation.agent?.name ?? t('agent') })
  return t(handoff?.ended_at ? 'endedNow' : 'withAi')
}

function Title({ name, conversation }: { name: string; conversation: Conversation | null }) {
  const { t } = useDesk()
  return (
    <div class="who">
      <h2>{name}</h2>
      <p class="muted">
        {conversation &&
          [t(conversation.language), conversation.title].filter(part => part !== null).join(' · ')}
      </p>
    </div>
  )
}

interface ActionsProps {
  id: string
  /** Null where it cannot be taken, handed on or completed. */
  onTake: (() => void) | null
  onAsk: ((what: 'transfer' | 'complete') => void) | null
  isTranslated: boolean
  onTranslate(): void
  hasDetails: boolean
  onDetails(): void
}

function Actions(props: ActionsProps) {
  const { id, onTake, onAsk, isTranslated, onTranslate, hasDetails, onDetails } = props
  const { desk, t } = useDesk()
  return (
    <div class="acts">
      {onTake && (
        <button type="button" class="button small primary" onClick={onTake}>
          {t('take')}
        </button>
      )}
      {onAsk && (
        <>
          <button
            type="button"
            class="button small"
            title={`${t('transfer')} (Alt T)`}
            onClick={() => onAsk('transfer')}
          >
            <Icon name="transfer" size={16} />
            <span>{t('transfer')}</span>
          </button>
          <button
            type="button"
            class="button small"
            title={`${t('complete')} (Alt C)`}
            onClick={() => onAsk('complete')}
          >
            <Icon name="check" size={16} />
            <span>{t('complete')}</span>
          </button>
        </>
      )}
      {desk.client.state.session?.features.translation && (
        <button
          type="button"
          class="button quiet"
          aria-label={t('translate')}
          title={t('translate')}
          aria-pressed={isTranslated}
          onClick={onTranslate}
        >
          <Icon name="globe" size={18} />
        </button>
      )}
      <button
        type="button"
        class="button quiet"
        aria-label={t('facts')}
        title={`${t('facts')} (Alt I)`}
        aria-pressed={hasDetails}
        onClick={onDetails}
      >
        <Icon name="info" size={18} />
      </button>
      <button
        type="button"
        class="button quiet leave"
        aria-label={t('closeColumn')}
        title={t('closeColumn')}
        onClick={() => desk.hide(id)}
      >
        <Icon name="close" size={18} />
      </button>
    </div>
  )
}

/** Side by side there is no room for the facts unless they are asked for, or being read. */
function useShownDetails(
  id: string,
  pane: RefObject<HTMLElement | null>,
  isAlone: boolean,
): [boolean, () => void] {
  const fits = isAlone && innerWidth >= factsFrom
  /** As it was chosen last, and for which room. */
  const [chosen, setChosen] = useTabState<{ isAlone: boolean; isShown: boolean } | null>(`facts:${id}`, null)
  const state = useRef({ isAlone, isShown: chosen?.isAlone === isAlone ? chosen.isShown : fits })
  if (state.current.isAlone !== isAlone) {
    const isRead = pane.current?.querySelector('.facts')?.contains(document.activeElement)
    state.current = { isAlone, isShown: fits || isRead === true }
  }
  return [
    state.current.isShown,
    () => {
      state.current = { isAlone, isShown: !state.current.isShown }
      setChosen(state.current)
    },
  ]
}

/** Offers the keyboard what this conversation can do now. */
function useCommands(
  commands: ReturnType<typeof useDesk>['commands'],
  id: string,
  own: Partial<Record<CommandName, () => void>>,
): void {
  const latest = useRef(own)
  latest.current = own
  useEffect(() => {
    const offered = commands.get(id) ?? {}
    commands.set(id, offered)
    for (const name of ['transfer', 'complete', 'details', 'take'] as const)
      offered[name] = () => latest.current[name]?.()
    return () => void commands.delete(id)
  }, [commands, id])
}

/** What the agent looks at has been seen, on both sides. */
function useSeen(id: string, isCurrent: boolean): void {
  const { desk } = useDesk()
  const store = desk.conversation(id)
  const { seq, status } = useStore(store)
  useEffect(() => {
    function look() {
      if (!isCurrent || status !== 'ready' || !document.hasFocus()) return
      desk.seen(id)
      store.markRead()
    }
    look()
    addEventListener('focus', look)
    return () => removeEventListener('focus', look)
  }, [desk, store, id, isCurrent, seq, status])
}
