import { useEffect, useRef, useState } from 'preact/hooks'
import { Avatar } from '../../ui/avatar.tsx'
import { Icon } from '../../ui/icons.tsx'
import { useStore } from '../../ui/use-store.ts'
import { Skeleton } from '../state.tsx'
import { Composer } from './composer.tsx'
import { type CommandName, labelOf, useAttempt, useDesk, useDeskState } from './context.ts'
import { CompleteDialog, TransferDialog } from './endings.tsx'
import { deskErrorSentence } from './errors.ts'
import { Facts } from './facts.tsx'
import { Thread } from './thread.tsx'
import { useFacts } from './use-facts.ts'

interface Props {
  id: string
  isCurrent: boolean
  isAlone: boolean
}

/** Enough room for the facts beside the thread, in CSS pixels. */
const factsFrom = 1180

/** One conversation: its thread, what is known of the visitor, and where the agent writes. */
export function Pane({ id, isCurrent, isAlone }: Props) {
  const { desk, commands, t, language, toasts } = useDesk()
  const { waiting, mine } = useDeskState()
  const store = desk.conversation(id)
  const state = useStore(store)
  const attempt = useAttempt()
  const [asking, setAsking] = useState<'transfer' | 'complete' | null>(null)
  const [hasFacts, setFacts] = useState(false)
  const [isTranslated, setTranslated] = useState(false)
  const facts = useFacts(id)
  const entry = [...mine, ...waiting].find(entry => entry.conversation_id === id)
  const isMine = entry?.status === 'active'
  const { conversation, handoff } = state
  const name = conversation
    ? (conversation.title ?? facts?.name ?? labelOf(conversation, t))
    : t('visitor', { id: id.slice(-4) })

  const take = () => void (entry && attempt(() => desk.take(entry)))
  useCommands(commands, id, {
    transfer: isMine ? () => setAsking('transfer') : undefined,
    complete: isMine ? () => setAsking('complete') : undefined,
    facts: () => setFacts(shown => !shown),
    take: entry && !isMine ? take : undefined,
  })
  useSeen(id, isCurrent)
  // Side by side there is no room for them unless they are asked for.
  useEffect(() => setFacts(isAlone && innerWidth >= factsFrom), [isAlone])

  return (
    <section
      class={`pane ${isCurrent ? 'current' : ''} ${hasFacts ? 'has-facts' : ''}`}
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
        <Avatar name={conversation?.title ?? facts?.name ?? null} />
        <div class="who">
          <h2>{name}</h2>
          <p class="muted">{conversation && t(conversation.language)}</p>
        </div>
        <div class="acts">
          {entry && !isMine && (
            <button type="button" class="button small primary" onClick={take}>
              {t('take')}
            </button>
          )}
          {isMine && (
            <>
              <button
                type="button"
                class="button small"
                title={`${t('transfer')} (Alt T)`}
                onClick={() => setAsking('transfer')}
              >
                <Icon name="transfer" size={16} />
                <span>{t('transfer')}</span>
              </button>
              <button
                type="button"
                class="button small"
                title={`${t('complete')} (Alt C)`}
                onClick={() => setAsking('complete')}
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
              onClick={() => setTranslated(!isTranslated)}
            >
              <Icon name="globe" size={18} />
            </button>
          )}
          <button
            type="button"
            class="button quiet"
            aria-label={t('facts')}
            title={`${t('facts')} (Alt I)`}
            aria-pressed={hasFacts}
            onClick={() => setFacts(!hasFacts)}
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
      </header>
      <div class="pane-body">
        {state.status === 'failed' && state.error ? (
          <div class="empty" role="alert">
            <p>{deskErrorSentence(state.error, t, language)}</p>
          </div>
        ) : conversation ? (
          <div class="talk">
            <Thread
              store={store}
              state={state}
              visitorId={facts?.id ?? null}
              visitorName={name}
              isTranslated={isTranslated}
            />
            {isMine ? (
              <Composer
                id={id}
                store={store}
                isCurrent={isCurrent}
                translateTo={isTranslated ? conversation.language : null}
              />
            ) : (
              <p class="closed">{closedBecause()}</p>
            )}
          </div>
        ) : (
          <Skeleton label={t('loading')} />
        )}
        {hasFacts && <Facts id={id} conversation={conversation} handoff={handoff} facts={facts} />}
      </div>
      {asking === 'transfer' && entry && (
        <TransferDialog
          onAnswer={async ending => {
            setAsking(null)
            if (ending && (await attempt(() => desk.release({ handoff_id: entry.id, ...ending }))))
              toasts.say(t('transferred'))
          }}
        />
      )}
      {asking === 'complete' && entry && (
        <CompleteDialog
          tags={entry.tags}
          onAnswer={async ending => {
            setAsking(null)
            if (ending && (await attempt(() => desk.complete({ handoff_id: entry.id, ...ending }))))
              toasts.say(t('completed'))
          }}
        />
      )}
    </section>
  )

  function closedBecause(): string {
    if (conversation?.mode === 'queued') return t('notTaken')
    if (conversation?.mode === 'human') return t('takenBy', { name: conversation.agent?.name ?? t('agent') })
    return t(handoff?.ended_at ? 'endedNow' : 'withAi')
  }
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
    for (const name of ['transfer', 'complete', 'facts', 'take'] as const)
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
