import type { Question } from '#protocol/desk/service'
import type { Column } from '../../../ui/table.tsx'
import { dateTimeLabel } from '../../../ui/time.ts'
import { useConsole } from '../../context.ts'
import { useConversationColumn } from '../../conversation-column.tsx'
import { PagedTable, Select, usePages } from '../../pages.tsx'
import { usePeriod } from '../../use-period.ts'
import { translator } from './words.ts'

const periods = ['7', '30', '90'] as const

/** What visitors asked and no source answered, the newest first. */
export function QuestionsView() {
  const { t, language } = useConsole(translator)
  const conversationColumn = useConversationColumn<Question>()
  const [days, setDays] = usePeriod('questions', periods, '7')
  const questions = usePages('question:list', { days: Number(days) })

  const columns: Column<Question>[] = [
    {
      name: 'question',
      label: t('question'),
      cell: ({ question }) => (
        <span class="long" dir="auto">
          {question}
        </span>
      ),
    },
    { name: 'times', label: t('times'), kind: 'number', cell: ({ count }) => count },
    {
      name: 'at',
      label: t('lastAsked'),
      kind: 'wide',
      cell: ({ last_asked_at }) => dateTimeLabel(last_asked_at, language),
    },
    conversationColumn,
  ]

  return (
    <section class="card">
      <div class="toolbar">
        <Select
          label={t('period')}
          value={days}
          options={periods.map(count => [count, t('lastDays', { days: count })] as const)}
          onSelect={setDays}
        />
        <a class="button push" href="#/documents">
          {t('addDocument')}
        </a>
      </div>
      <p class="muted">{t('text')}</p>
      <PagedTable
        of={questions}
        columns={columns}
        keyOf={({ conversation_id, question }) => conversation_id + question}
        empty={{ title: t('none'), text: t('noneText') }}
      />
    </section>
  )
}
