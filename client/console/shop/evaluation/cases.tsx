import type { EvaluationCase } from '#protocol/shop/evaluation'
import type { Column } from '../../../ui/table.tsx'
import { useConsole, useSettled } from '../../context.ts'
import { EditableList } from '../../editable.tsx'
import { PageSteps, SearchField, usePages } from '../../pages.tsx'
import { useTabState } from '../../tab-state.ts'
import { useLive } from '../../use-live.ts'
import { CaseFields, type CaseValues, inputOf, valuesOf } from './fields.tsx'
import { caseProblem } from './problem.ts'
import { translator } from './words.ts'

/** The questions, each with what its answer has to be. */
export function Cases() {
  const { session, language, t } = useConsole(translator)
  const [search, setSearch] = useTabState('evaluations:search', '')
  const cases = usePages('evaluation:cases', { search: useSettled(search) })
  useLive(cases, 'evaluation:changed')

  const columns: Column<EvaluationCase>[] = [
    {
      name: 'question',
      label: t('question'),
      cell: ({ question, earlier, is_adopted }) => (
        <>
          <span class="title" dir="auto">
            {question}
          </span>
          {earlier.length > 0 && (
            <small class="muted" dir="auto">
              {t('afterWords', { question: earlier.at(-1)!.question })}
            </small>
          )}
          {is_adopted && (
            <small class="muted" title={t('adoptedHint')}>
              {t('adopted')}
            </small>
          )}
        </>
      ),
    },
    { name: 'expected', label: t('expected'), kind: 'wide', cell: row => <Expected row={row} /> },
  ]

  return (
    <>
      <h2 class="cases-title">{t('questionsTitle')}</h2>
      <EditableList
        loaded={cases}
        itemsOf={({ items }) => items}
        nameOf={({ question }) => question}
        columns={columns}
        head={<SearchField label={t('searchCases')} value={search} onSearch={setSearch} />}
        foot={({ pagination }) => <PageSteps of={cases} pagination={pagination} />}
        words={{ add: t('newCase'), none: t('noCases'), noneText: t('noCasesText') }}
        isWide
        valuesOf={row => valuesOf(row, language)}
        problemOf={caseProblem(t)}
        onSave={(case_id, values: Partial<CaseValues>) =>
          session.call('evaluation:save', { case_id, ...inputOf(values) })
        }
        onDelete={case_id => session.call('evaluation:delete', { case_id })}
        fieldsOf={(values, change, row) => <CaseFields values={values} change={change} row={row} />}
      />
    </>
  )
}

function Expected({ row: { expects, sources, facts } }: { row: EvaluationCase }) {
  const { t } = useConsole(translator)
  if (expects === 'refusal') return <>{t('refusal')}</>
  if (sources.length + facts.length === 0) return <>{t('anyAnswer')}</>
  return (
    <>
      {facts.length > 0 && (
        <span class="long" dir="auto">
          {facts.join(' · ')}
        </span>
      )}
      {sources.length > 0 && (
        <small class="muted" dir="auto">
          {sources.map(({ title }) => title).join(' · ')}
        </small>
      )}
    </>
  )
}
