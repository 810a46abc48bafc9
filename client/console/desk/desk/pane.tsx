import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Conversation } from '#protocol'
import type { Queued } from '#protocol/desk/handoff'
import type { ConversationState } from '../../../sdk/index.ts'
import { useStore } from '../../../ui/use-store.ts'
import { Skeleton } from '../../state.tsx'
import { useTabState } from '../../tab-state.ts'
import { Composer } from './composer.tsx'
import { labelOf, useAttempt, useDesk, useDeskState } from './context.ts'
import { CompleteDialog, forgetFields, TransferDialog } from './endings.tsx'
import { deskErrorSentence } from './errors.ts'
import { PaneHead } from './pane-head.tsx'
import { SnoozeDialog, SnoozedNote } from './snooze.tsx'
import { Thread } from './thread.tsx'
import { useCommands } from './use-commands.ts'
import { useSeen } from './use-seen.ts'
import { useShownDetails } from './use-shown-details.ts'
import { useVisitorDetails } from './use-visitor-details.ts'
import { useWriting } from './use-writing.ts'
import { VisitorDetails } from './visitor-details.tsx'
import { Watchers } from './watchers.tsx'
import type { T } from './words.ts'

interface Props {
  id: string
  isCurrent: boolean
  isAlone: boolean
}

interface Asking {
  what: 'transfer' | 'complete' | 'snooze'
  entry: Queued
}

/** One conversation: its thread, what is known of the visitor, and where the agent writes. */
export function Pane({ id, isCurrent, isAlone }: Props) {
  const { desk, t, language } = useDesk()
  const { waiting, mine } = useDeskState()
  const store = desk.conversation(id)
  const state = useStore(store)
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

  const ask = (what: Asking['what']) => entry && setAsking({ what, entry })
  const { take, word, mayTakeOver } = useTake(id, isMine ? undefined : entry, isFailed ? null : conversation)
  useCommands(id, {
    transfer: isMine ? () => ask('transfer') : undefined,
    complete: isMine ? () => ask('complete') : undefined,
    snooze: isMine ? () => ask('snooze') : undefined,
    details: toggleDetails,
    take: take ?? undefined,
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
      <PaneHead
        id={id}
        name={name}
        conversation={conversation}
        details={details}
        onTake={take}
        takeWord={word}
        onAsk={isMine ? ask : null}
        isTranslated={isTranslated}
        onTranslate={() => setTranslated(!isTranslated)}
        hasDetails={hasDetails}
        onDetails={toggleDetails}
      />
      {conversation && !isFailed && <Watchers id={id} />}
      {conversation && <SnoozedNote conversation={conversation} />}
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
                mayGuide={mayTakeOver}
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
      {asking && <AskedDialog {...asking} onClose={() => setAsking(null)} />}
    </section>
  )
}

/** Takes what waits, takes over from the assistant, or opens again what was closed; `take` is null where there is nothing to take. */
function useTake(id: string, waiting: Queued | undefined, conversation: Conversation | null) {
  const { desk } = useDesk()
  const attempt = useAttempt()
  async function reopen() {
    await desk.client.call('conversation:reopen', { conversation_id: id })
    await desk.takeOver(id)
  }
  const isClosed = conversation?.status === 'closed'
  const mayTakeOver = conversation?.mode === 'ai' && !isClosed
  const word = waiting ? 'take' : isClosed ? 'reopen' : 'takeOver'
  const action = waiting ? () => desk.take(waiting) : isClosed ? reopen : () => desk.takeOver(id)
  const take = waiting || isClosed || mayTakeOver ? () => void attempt(action) : null
  return { take, word, mayTakeOver } as const
}

function AskedDialog({ what, entry, onClose }: Asking & { onClose(): void }) {
  return what === 'snooze' ? (
    <SnoozeDialog id={entry.conversation_id} onClose={onClose} />
  ) : (
    <EndingDialog what={what} entry={entry} onClose={onClose} />
  )
}

interface EndingProps {
  what: 'transfer' | 'complete'
  entry: Queued
  onClose(): void
}

function EndingDialog({ what, entry, onClose }: EndingProps) {
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
