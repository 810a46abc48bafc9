import '../../answer.css'
import './ask.css'
import { useState } from 'preact/hooks'
import type { OperationOutput } from '#protocol'
import { triedQuestionMaxLength } from '#protocol/core/limits'
import { AnswerText } from '../../../ui/answer-text.tsx'
import { References } from '../../../ui/references.tsx'
import { dateLabel } from '../../../ui/time.ts'
import { useAction, useConsole } from '../../context.ts'
import { TextField } from '../../fields.tsx'
import { useTabState } from '../../tab-state.ts'
import { FoundList } from './found.tsx'
import { translator } from './words.ts'

type Explanation = OperationOutput<'question:explain'>

/** A question asked as a visitor would: what is found and why, and what would be answered. */
export function AskView() {
  const { session, language, t } = useConsole(translator)
  const [question, setQuestion] = useTabState('ask:question', '')
  const [productId, setProductId] = useTabState('ask:product', '')
  const [explanation, setExplanation] = useState<Explanation | null>(null)
  const { isBusy, run } = useAction()

  function ask(event: SubmitEvent) {
    event.preventDefault()
    void run(async () => {
      const context = productId.trim() === '' ? {} : { product_id: productId.trim() }
      setExplanation(await session.call('question:explain', { question, language, context }))
    })
  }

  return (
    <>
      <form class="card ask" onSubmit={ask}>
        <label class="field">
          {t('askLabel')}
          <textarea
            class="input"
            rows={2}
            required
            dir="auto"
            maxLength={triedQuestionMaxLength}
            value={question}
            onInput={event => setQuestion(event.currentTarget.value)}
            onKeyDown={event => {
              if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
              event.preventDefault()
              event.currentTarget.form?.requestSubmit()
            }}
          />
          <small class="muted">{t('askHint')}</small>
        </label>
        <div class="ask-row">
          <TextField
            label={t('productId')}
            hint={t('productIdHint')}
            value={productId}
            maxLength={128}
            onText={setProductId}
          />
          <button type="submit" class="button primary" aria-busy={isBusy} disabled={isBusy}>
            {t('askButton')}
          </button>
        </div>
      </form>
      {explanation && (
        <div class="explanation" aria-live="polite" aria-busy={isBusy}>
          <Answer explanation={explanation} />
          <ReadingCard reading={explanation.reading} />
          <section class="card">
            <h2>{t('found')}</h2>
            <FoundList found={explanation.found} />
          </section>
        </div>
      )}
    </>
  )
}

const decisions = {
  curated: ['good', 'curated', 'curatedHint'],
  enough: ['good', 'enough', 'enoughHint'],
  near: ['busy', 'near', 'nearHint'],
  none: ['bad', 'noEvidence', 'noneHint'],
} as const

function Answer({ explanation: { answer, evidence, error } }: { explanation: Explanation }) {
  const { language, t } = useConsole(translator)
  const [opened, setOpened] = useState<number | null>(null)
  const [tone, name, hint] = decisions[evidence]
  const isBuiltin = answer?.provider_id === 'builtin'
  const seconds = ((answer?.duration_ms ?? 0) / 1000).toLocaleString(language, { maximumFractionDigits: 1 })
  return (
    <section class="card">
      <h2>{t('answerWouldBe')}</h2>
      {answer ? (
        <>
          <div class="text" dir="auto">
            <AnswerText content={answer.text} references={answer.references} t={t} onSource={setOpened} />
          </div>
          {answer.references.length > 0 && (
            <References
              references={answer.references}
              opened={opened}
              onOpen={setOpened}
              t={t}
              iconSize={16}
              note={({ updated_at }) => dateLabel(updated_at, language)}
            />
          )}
          <small class="muted">
            {answer.degraded && `${t('wasDegraded')} `}
            {isBuiltin ? t('byBuiltin') : t('writtenBy', { model: answer.model ?? '', seconds })}
          </small>
        </>
      ) : (
        <p class="problem">{t('noAnswer', { reason: error ?? '' })}</p>
      )}
      <p class="decision">
        <span class={`tag ${tone}`}>{t(name)}</span> <span class="muted">{t(hint)}</span>
      </p>
    </section>
  )
}

function ReadingCard({ reading: { text, parts, small_talk } }: { reading: Explanation['reading'] }) {
  const { t } = useConsole(translator)
  return (
    <section class="card">
      <h2>{t('readAs')}</h2>
      {small_talk && <p class="muted">{t('smallTalk')}</p>}
      {parts.map((part, at) => (
        <dl class="reading" key={at}>
          <Row label={t('correctedTo')} values={[parts.length > 1 ? part.text : text]} isPlain />
          <Row label={t('searchWords')} values={part.terms} />
          <Row label={t('aboutPolicies')} values={part.policies} />
          <Row label={t('filters')} values={part.filters} />
        </dl>
      ))}
    </section>
  )
}

function Row({ label, values, isPlain }: { label: string; values: string[]; isPlain?: boolean }) {
  if (values.length === 0) return null
  return (
    <>
      <dt>{label}</dt>
      <dd dir="auto">
        {isPlain
          ? values.join(' ')
          : [...new Set(values)].map(value => (
              <span class="tag" key={value}>
                {value}
              </span>
            ))}
      </dd>
    </>
  )
}
