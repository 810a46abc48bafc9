import type { ConversationState, ConversationStore } from '../../sdk/index.ts'
import { type Task, useTask } from '../../ui/use-task.ts'
import { useState } from '../core/shared.ts'
import { AccountButton } from './account.tsx'
import { Avatar } from './avatar.tsx'
import { Contact } from './contact.tsx'
import { EarlierButton, useEarlier, usePolling } from './earlier.tsx'
import { requestPerson } from './handoff.ts'
import { Problem } from './problem.tsx'
import { Rating } from './rating.tsx'
import { Transcript } from './transcript.tsx'
import { durationLabel, useLazy } from './words.ts'

type Handoff = NonNullable<ConversationState['handoff']>

interface Props {
  conversation: ConversationStore
}

/** Above the thread: who answers, and what there is to say or to do about it. */
export function Desk({ conversation, onSheet }: Props & { onSheet(sheet: 'account' | 'earlier'): void }) {
  const { model, t } = useLazy()
  const { conversation: current, handoff } = conversation.get()
  const [isAsking, setAsking] = useState(false)
  const task = useTask()
  const mode = current?.mode ?? 'ai'
  usePolling()
  const earlier = useEarlier()
  const { isLeaving } = model.get()

  function toAssistant() {
    setAsking(false)
    void task.run(model.cancelHandoff)
  }

  return (
    <div class="desk">
      <div class="top">
        {/* Busy and not disabled: what is disabled loses the focus. */}
        <fieldset class="switch" aria-busy={task.isBusy} aria-label={t('who')}>
          <button
            type="button"
            aria-pressed={mode === 'ai'}
            onClick={() => (mode === 'human' ? setAsking(true) : mode === 'queued' && toAssistant())}
          >
            {t('assistant')}
          </button>
          <button
            type="button"
            aria-pressed={mode !== 'ai'}
            onClick={() => mode === 'ai' && task.run(() => requestPerson(model))}
          >
            {t('person')}
          </button>
        </fieldset>
        {earlier.items.some(({ id }) => id !== current?.id) && (
          <EarlierButton earlier={earlier} onOpen={() => onSheet('earlier')} />
        )}
        {!model.isVouched && <AccountButton onOpen={() => onSheet('account')} />}
      </div>
      <Problem error={task.error} conflict={t('elsewhere')} />
      {mode !== 'ai' && isLeaving && <Leaving conversation={conversation} task={task} />}
      {mode === 'queued' && handoff && !isLeaving && (
        <Waiting conversation={conversation} handoff={handoff} task={task} onCancel={toAssistant} />
      )}
      {mode === 'human' && !isLeaving && (
        <AgentCard
          conversation={conversation}
          isAsking={isAsking}
          onAsk={setAsking}
          task={task}
          onEnd={toAssistant}
        />
      )}
      {mode === 'ai' && handoff && <AfterHandoff conversation={conversation} handoff={handoff} />}
    </div>
  )
}

/** Whoever has the conversation, or is waited for, is told that it has ended. */
function Leaving({ conversation, task }: Props & { task: Task }) {
  const { model, t } = useLazy()
  const { conversation: current } = conversation.get()
  const name = current?.agent?.name ?? t('someone')
  return (
    <section class="card" role="alert">
      <p>{current?.mode === 'human' ? t('leaveQuestion', { name }) : t('leaveQueueQuestion')}</p>
      <div class="answers">
        <button
          type="button"
          disabled={task.isBusy}
          onClick={() => task.run(() => model.cancelHandoff().then(model.begin))}
        >
          {t('leaveTalk')}
        </button>
        <button type="button" onClick={model.stay}>
          {t(current?.mode === 'human' ? 'stay' : 'keepWaiting')}
        </button>
      </div>
    </section>
  )
}

function Waiting(props: Props & { handoff: Handoff; task: Task; onCancel(): void }) {
  const { conversation, handoff, task, onCancel } = props
  const { t } = useLazy()
  const [isLeaving, setLeaving] = useState(false)
  return (
    <section class="card" aria-label={t('waiting')}>
      <p class="place" role="status">
        {usePlace(handoff)}
      </p>
      <p class="small">{t('whileWaiting')}</p>
      {isLeaving && (
        <Contact conversation={conversation} handoff={handoff} onClose={() => setLeaving(false)} />
      )}
      <div class="answers">
        <button type="button" disabled={task.isBusy} onClick={onCancel}>
          {t('cancel')}
        </button>
        {!isLeaving && (
          <button type="button" onClick={() => setLeaving(true)}>
            {t('leaveAddress')}
          </button>
        )}
      </div>
    </section>
  )
}

/** "You are number 2, about 3 minutes". */
function usePlace({ queue_position: position, estimated_wait_ms: wait }: Handoff): string {
  const { language, t } = useLazy()
  if (position === null) return t('waiting')
  if (wait === null) return t('place', { position })
  return wait === 0
    ? t('placeSoon', { position })
    : t('placeTime', { position, time: durationLabel(wait, language) })
}

interface AgentCardProps extends Props {
  isAsking: boolean
  task: Task
  onAsk(isAsking: boolean): void
  onEnd(): void
}

function AgentCard({ conversation, isAsking, task, onAsk, onEnd }: AgentCardProps) {
  const { t } = useLazy()
  const agent = conversation.get().conversation?.agent ?? null
  const name = agent?.name ?? t('someone')
  if (isAsking)
    return (
      <section class="card" role="alert">
        <p>{t('endQuestion', { name })}</p>
        <div class="answers">
          <button type="button" disabled={task.isBusy} onClick={onEnd}>
            {t('end')}
          </button>
          <button type="button" onClick={() => onAsk(false)}>
            {t('stay')}
          </button>
        </div>
      </section>
    )
  return (
    <section class="card company">
      <Avatar agent={agent} author={agent} size={36} />
      <p>
        <strong>{name}</strong> {t('withYou')}
      </p>
      <button type="button" onClick={() => onAsk(true)}>
        {t('end')}
      </button>
    </section>
  )
}

/** The talk is over, or nobody came. */
function AfterHandoff({ conversation, handoff }: Props & { handoff: Handoff }) {
  if (handoff.status === 'resolved')
    return (
      <>
        <Rating conversation={conversation} handoff={handoff} />
        <Transcript conversation={conversation} handoff={handoff} />
      </>
    )
  if (handoff.status === 'timeout') return <Contact conversation={conversation} handoff={handoff} />
  return null
}
