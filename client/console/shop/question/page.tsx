import './page.css'
import { useState } from 'preact/hooks'
import type { Question, Signal } from '#protocol/shop/question'
import { Icon } from '../../../ui/icons.tsx'
import type { Column } from '../../../ui/table.tsx'
import { dateTimeLabel } from '../../../ui/time.ts'
import { useAction, useConsole } from '../../context.ts'
import { useConversationColumn } from '../../conversation-column.tsx'
import { PagedTable, Select, usePages } from '../../pages.tsx'
import { useTabState } from '../../tab-state.ts'
import { useLive } from '../../use-live.ts'
import { usePeriod } from '../../use-period.ts'
import { AdoptButton } from '../evaluation/adopt-button.tsx'
import { AnswerDialog } from './answer-dialog.tsx'
import { translator } from './words.ts'

const periods = ['7', '30', '90'] as const
const reasons = ['unanswered', 'disliked', 'person'] as const satisfies readonly Signal[]
const statuses = [
  ['open', 'statusOpen'],
  ['answered', 'answered'],
  ['dismissed', 'dismissed'],
] as const

/** What visitors asked and was not answered well, to be answered once. */
export function QuestionsView() {
  const { session, toasts, t } = useConsole(translator)
  const [days, setDays] = usePeriod('questions', periods, '7')
  const [status, setStatus] = useTabState<Question['status']>('questions:status', 'open')
  const [signal, setSignal] = useTabState<Signal | ''>('questions:signal', '')
  const [sort, setSort] = useTabState<'newest' | 'count'>('questions:sort', 'count')
  const [answered, setAnswered] = useState<Question | null>(null)
  const { isBusy, run } = useAction()
  const questions = usePages('question:list', {
    days: Number(days),
    status,
    signal: signal || undefined,
    sort,
  })
  useLive(questions, 'question:changed')

  function putAside({ id, status }: Question) {
    void run(async () => {
      await session.call('question:dismiss', { group_id: id, dismissed: status !== 'dismissed' })
      if (status !== 'dismissed') toasts.say(t('asideToast'))
      questions.reload()
    })
  }

  const columns = useQuestionColumns({ isBusy, onAnswer: setAnswered, onAside: putAside })

  return (
    <section class="card">
      <div class="toolbar">
        <Select
          label={t('status')}
          value={status}
          options={statuses.map(([value, word]) => [value, t(word)] as const)}
          onSelect={setStatus}
        />
        <Select
          label={t('reason')}
          value={signal}
          options={[['', t('anyReason')], ...reasons.map(reason => [reason, t(reason)] as const)]}
          onSelect={setSignal}
        />
        <Select
          label={t('period')}
          value={days}
          options={periods.map(count => [count, t('lastDays', { days: count })] as const)}
          onSelect={setDays}
        />
        <Select
          label={t('order')}
          value={sort}
          options={[
            ['count', t('most')],
            ['newest', t('newest')],
          ]}
          onSelect={setSort}
        />
        <a class="button push" href="#/documents">
          {t('addDocument')}
        </a>
      </div>
      <p class="muted">{t('text')}</p>
      <PagedTable
        of={questions}
        columns={columns}
        keyOf={({ id }) => id}
        empty={{ title: t('none'), text: t('noneText') }}
      />
      {answered && (
        <AnswerDialog
          question={answered}
          onSaved={() => {
            toasts.say(t('answeredToast'))
            questions.reload()
          }}
          onClose={() => setAnswered(null)}
        />
      )}
    </section>
  )
}

interface Actions {
  isBusy: boolean
  onAnswer(question: Question): void
  onAside(question: Question): void
}

function useQuestionColumns({ isBusy, onAnswer, onAside }: Actions): Column<Question>[] {
  const { t, language } = useConsole(translator)
  const conversationColumn = useConversationColumn<Question>()
  return [
    { name: 'question', label: t('question'), cell: group => <Asked group={group} /> },
    { name: 'times', label: t('times'), kind: 'number wide', cell: ({ count }) => count },
    {
      name: 'at',
      label: t('lastAsked'),
      kind: 'wide',
      cell: ({ last_asked_at }) => dateTimeLabel(last_asked_at, language),
    },
    {
      name: 'answer',
      label: '',
      kind: 'end',
      cell: group => {
        const aside = t(group.status === 'dismissed' ? 'restore' : 'dismiss')
        return (
          <span class="row-acts question-acts">
            <button type="button" class="button small primary" onClick={() => onAnswer(group)}>
              {t(group.article_id ? 'change' : 'answer')}
            </button>
            <AdoptButton origin={{ group_id: group.id }} name={group.question} class="button small quiet" />
            <button
              type="button"
              class="button small quiet"
              aria-label={`${aside}: ${group.question}`}
              title={aside}
              aria-busy={isBusy}
              onClick={() => onAside(group)}
            >
              <Icon name={group.status === 'dismissed' ? 'history' : 'close'} size={18} />
            </button>
          </span>
        )
      },
    },
    conversationColumn,
  ]
}

/** As it was asked last, why it is listed, and how else it was asked. */
function Asked({ group: { question, examples, signals } }: { group: Question }) {
  const { t } = useConsole(translator)
  const others = [...new Set(examples.map(example => example.question))].filter(text => text !== question)
  return (
    <>
      <span class="long" dir="auto">
        {question}
      </span>
      <span class="reasons">
        {reasons
          .filter(reason => signals[reason] > 0)
          .map(reason => (
            <span key={reason} class="tag">
              {t(reason)} {signals[reason]}
            </span>
          ))}
      </span>
      {others.length > 0 && (
        <details class="also-asked">
          <summary>
            {t('alsoAsked')} ({others.length})
          </summary>
          <ul>
            {others.map(text => (
              <li key={text} dir="auto">
                {text}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}
