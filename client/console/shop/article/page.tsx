import type { Article } from '#protocol/shop/article'
import type { Column } from '../../../ui/table.tsx'
import { dateLabel } from '../../../ui/time.ts'
import { useConsole, useSettled } from '../../context.ts'
import { EditableList } from '../../editable.tsx'
import { PageSteps, SearchField, usePages } from '../../pages.tsx'
import { useTabState } from '../../tab-state.ts'
import { useLive } from '../../use-live.ts'
import { AdoptButton } from '../evaluation/adopt-button.tsx'
import { ArticleFields, type ArticleValues, inputOf, valuesOf } from './fields.tsx'
import { translator } from './words.ts'

/** Answers that people of the shop write themselves. */
export function ArticlesView() {
  const { session, language, t } = useConsole(translator)
  const [search, setSearch] = useTabState('articles:search', '')
  const articles = usePages('article:list', { search: useSettled(search) })
  useLive(articles, 'article:changed')

  const columns: Column<Article>[] = [
    {
      name: 'question',
      label: t('question'),
      cell: ({ questions }) => (
        <>
          <span class="title" dir="auto">
            {questions[0]}
          </span>
          {questions.length > 1 && (
            <small class="muted" title={questions.slice(1).join('\n')}>
              {t('moreWays', { count: questions.length - 1 })}
            </small>
          )}
        </>
      ),
    },
    {
      name: 'answer',
      label: t('answer'),
      kind: 'wide',
      cell: ({ answer }) => (
        <span class="long" dir="auto">
          {answer}
        </span>
      ),
    },
    { name: 'state', label: t('state'), cell: article => <State article={article} /> },
    { name: 'language', label: t('language'), kind: 'wide', cell: ({ language }) => t(language) },
    {
      name: 'changed',
      label: t('changed'),
      kind: 'wide',
      cell: ({ updated_at }) => dateLabel(updated_at, language),
    },
    {
      name: 'adopt',
      label: '',
      kind: 'end',
      cell: ({ id, questions }) => (
        <AdoptButton origin={{ article_id: id }} name={questions[0]!} class="button quiet" />
      ),
    },
  ]

  return (
    <>
      <p class="muted">{t('intro')}</p>
      <EditableList
        loaded={articles}
        itemsOf={({ items }) => items}
        nameOf={({ questions }) => questions[0]!}
        columns={columns}
        head={<SearchField label={t('searchArticles')} value={search} onSearch={setSearch} />}
        foot={({ pagination }) => <PageSteps of={articles} pagination={pagination} />}
        words={{ add: t('newArticle'), none: t('noArticles'), noneText: t('noArticlesText') }}
        isMain
        isWide
        valuesOf={article => valuesOf(article ?? { questions: [], language })}
        onSave={(article_id, values: Partial<ArticleValues>) =>
          session.call('article:save', { article_id, ...inputOf(values) })
        }
        onDelete={article_id => session.call('article:delete', { article_id })}
        fieldsOf={(values, change) => <ArticleFields values={values} change={change} />}
      />
    </>
  )
}

const tones = { valid: 'good', ending: 'busy', upcoming: '', expired: 'bad' } as const

function State({ article: { state, valid_from, valid_until } }: { article: Article }) {
  const { language, t } = useConsole(translator)
  return (
    <>
      <span class={`tag ${tones[state]}`}>{t(state)}</span>
      {state === 'upcoming' && valid_from && (
        <small class="muted">{t('startsOn', { date: dateLabel(valid_from, language) })}</small>
      )}
      {state !== 'upcoming' && valid_until && (
        <small class="muted">{t('endsOn', { date: dateLabel(lastDayOf(valid_until), language) })}</small>
      )}
    </>
  )
}

function lastDayOf(end: string): string {
  return new Date(Date.parse(end) - 1).toISOString()
}
