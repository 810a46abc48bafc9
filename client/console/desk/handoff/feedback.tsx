import type { Feedback } from '#protocol/desk/service'
import type { Column } from '../../../ui/table.tsx'
import { dateTimeLabel } from '../../../ui/time.ts'
import { useConsole } from '../../context.ts'
import { useConversationColumn } from '../../conversation-column.tsx'
import { flagOf, PagedTable, Select, usePages } from '../../pages.tsx'
import { useTabState } from '../../tab-state.ts'
import { translator } from './words.ts'

/** What visitors say of talks and answers, each with the way to its conversation. */
export function FeedbackList() {
  const { t, language } = useConsole(translator)
  const conversationColumn = useConversationColumn<Feedback>()
  const [commented, setCommented] = useTabState<'true' | ''>('feedback:commented', 'true')
  const feedback = usePages('feedback:list', { commented: flagOf(commented) })

  const columns: Column<Feedback>[] = [
    {
      name: 'rating',
      label: t('rating'),
      cell: ({ kind, rating }) =>
        kind === 'talk' ? (
          <span class="title">{rating} / 5</span>
        ) : (
          <span class={rating < 0 ? 'tag bad' : 'tag good'}>{t(rating < 0 ? 'notHelpful' : 'helpful')}</span>
        ),
    },
    {
      name: 'comment',
      label: t('comment'),
      cell: ({ comment }) => comment && <span class="long">{comment}</span>,
    },
    {
      name: 'of',
      label: t('ofWhom'),
      kind: 'wide',
      cell: ({ kind, agent }) => (kind === 'talk' ? (agent?.name ?? t('agent')) : t('assistant')),
    },
    { name: 'at', label: t('at'), kind: 'wide', cell: ({ at }) => dateTimeLabel(at, language) },
    conversationColumn,
  ]

  return (
    <section class="card">
      <div class="toolbar">
        <h2>{t('feedback')}</h2>
        <Select
          label={t('comment')}
          value={commented}
          options={[
            ['true', t('withWords')],
            ['', t('all')],
          ]}
          onSelect={setCommented}
        />
      </div>
      <PagedTable
        of={feedback}
        columns={columns}
        keyOf={({ id }) => id}
        empty={{ title: t('noFeedback'), text: t('noFeedbackText') }}
      />
    </section>
  )
}
