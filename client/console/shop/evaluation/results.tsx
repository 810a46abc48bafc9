import type { EvaluationProblem, EvaluationResult } from '#protocol/shop/evaluation'
import { AnswerText } from '../../../ui/answer-text.tsx'
import { type Column, Table } from '../../../ui/table.tsx'
import { dateTimeLabel } from '../../../ui/time.ts'
import { useConsole, useLoaded } from '../../context.ts'
import { Empty, Loading } from '../../state.tsx'
import { useLive } from '../../use-live.ts'
import { translator } from './words.ts'

const changes = {
  better: ['good', 'better'],
  worse: ['bad', 'worse'],
  new: ['', 'newQuestion'],
  same: ['', 'same'],
} as const

/** A run question by question, beside the one before. */
export function Results({ runId }: { runId: string }) {
  const { language, t } = useConsole(translator)
  const loaded = useLive(useLoaded('evaluation:get', { run_id: runId }), 'evaluation:changed')
  const count = (results: EvaluationResult[], change: EvaluationResult['change']) =>
    results.filter(result => result.change === change).length
  const columns: Column<EvaluationResult>[] = [
    { name: 'question', label: t('question'), cell: result => <Answers result={result} /> },
    {
      name: 'result',
      label: t('result'),
      cell: result => (
        <span class="outcome">
          <Outcome problems={result.problems} />
          {result.change !== 'same' && (
            <span class={`tag ${changes[result.change][0]}`}>{t(changes[result.change][1])}</span>
          )}
        </span>
      ),
    },
  ]
  return (
    <section class="card">
      <Loading of={loaded}>
        {({ run, before, results }) => (
          <>
            <h2>{t('runOf', { date: dateTimeLabel(run.created_at, language) })}</h2>
            <p class="muted">
              {before
                ? t('comparedWith', {
                    date: dateTimeLabel(before.created_at, language),
                    better: count(results, 'better'),
                    worse: count(results, 'worse'),
                  })
                : t('nothingBefore')}
            </p>
            {run.error && <p class="problem">{run.error}</p>}
            {results.length === 0 ? (
              run.ended_at && <Empty title={t('noResults')} text="" />
            ) : (
              <Table columns={columns} rows={results} keyOf={({ case_id }) => case_id} />
            )}
          </>
        )}
      </Loading>
    </section>
  )
}

function Outcome({ problems }: { problems: EvaluationProblem[] }) {
  const { t } = useConsole(translator)
  if (problems.length === 0) return <span class="tag good">{t('passed')}</span>
  return problems.map(problem => (
    <span key={problem} class="tag bad">
      {t(problem)}
    </span>
  ))
}

/** What was answered, opened where somebody wants to see it. */
function Answers({
  result: { question, answer, references, missing, before },
}: {
  result: EvaluationResult
}) {
  const { t } = useConsole(translator)
  return (
    <details class="result-answers">
      <summary dir="auto">{question}</summary>
      {missing.length > 0 && <p class="problem">{t('missing', { facts: missing.join(' · ') })}</p>}
      {before && <h3>{t('now')}</h3>}
      <div class="text" dir="auto">
        <AnswerText content={answer} references={references} t={t} onSource={() => {}} />
      </div>
      {references.length > 0 && (
        <small class="muted" dir="auto">
          {t('sources')}: {references.map(({ number, title }) => `[${number}] ${title}`).join(' · ')}
        </small>
      )}
      {before && (
        <>
          <h3>{t('before')}</h3>
          <p>
            <Outcome problems={before.problems} />
          </p>
          <div class="text" dir="auto">
            {before.answer}
          </div>
        </>
      )}
    </details>
  )
}
