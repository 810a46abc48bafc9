import type { Language } from '#protocol'
import {
  articleQuestionMaxLength,
  evaluationFactMaxLength,
  evaluationFactsMax,
  evaluationSourcesMax,
} from '#protocol/core/limits'
import type { EvaluationCase, ExpectedSource } from '#protocol/shop/evaluation'
import { languages } from '../../../ui/i18n.ts'
import { Icon } from '../../../ui/icons.tsx'
import { useConsole } from '../../context.ts'
import { SelectField, TextField } from '../../fields.tsx'
import { SourceSearch } from './source-search.tsx'
import { translator } from './words.ts'

/** A question as it is edited: facts a line each. */
export interface CaseValues {
  question: string
  language: Language
  has_earlier: boolean
  product_id: string
  expects: EvaluationCase['expects']
  sources: ExpectedSource[]
  facts: string
}

export function valuesOf(row: EvaluationCase | null, language: Language): CaseValues {
  return {
    question: row?.question ?? '',
    language: row?.language ?? language,
    has_earlier: (row?.earlier.length ?? 0) > 0,
    product_id: row?.product_id ?? '',
    expects: row?.expects ?? 'answer',
    sources: row?.sources ?? [],
    facts: row?.facts.join('\n') ?? '',
  }
}

/** What the server takes of what was changed. */
export function inputOf({ facts, product_id, has_earlier, ...values }: Partial<CaseValues>) {
  return {
    ...values,
    ...(has_earlier === false && { has_earlier }),
    ...(product_id !== undefined && { product_id: product_id.trim() || null }),
    ...(facts !== undefined && {
      facts: facts
        .split('\n')
        .map(line => line.trim())
        .filter(Boolean),
    }),
  }
}

interface Props {
  values: CaseValues
  change(to: Partial<CaseValues>): void
  /** As it is stored; null for a new one. */
  row: EvaluationCase | null
}

export function CaseFields({ values, change, row }: Props) {
  const { t } = useConsole(translator)
  return (
    <>
      <label class="field">
        {t('question')}
        <textarea
          class="input"
          rows={2}
          required
          dir="auto"
          maxLength={articleQuestionMaxLength}
          value={values.question}
          onInput={event => change({ question: event.currentTarget.value })}
        />
        {row?.is_adopted && <small class="muted">{t('adoptedHint')}</small>}
      </label>
      {row && row.earlier.length > 0 && (
        <label class="check">
          <input
            type="checkbox"
            checked={values.has_earlier}
            onChange={event => change({ has_earlier: event.currentTarget.checked })}
          />
          <span>
            {t('hasEarlier')}{' '}
            <small class="muted">{row.earlier.map(turn => turn.question).join(' · ')}</small>
          </span>
        </label>
      )}
      <div class="case-choices">
        <SelectField
          label={t('expectsLabel')}
          value={values.expects}
          options={[
            ['answer', t('expectsAnswer')],
            ['refusal', t('expectsRefusal')],
          ]}
          onSelect={expects => change({ expects })}
        />
        <SelectField
          label={t('language')}
          value={values.language}
          options={languages.map(language => [language, t(language)] as const)}
          onSelect={language => change({ language })}
        />
        <TextField
          label={t('productId')}
          value={values.product_id}
          maxLength={128}
          onText={product_id => change({ product_id })}
        />
      </div>
      {values.expects === 'answer' && (
        <>
          <label class="field">
            {t('facts')}
            <textarea
              class="input"
              rows={3}
              dir="auto"
              maxLength={evaluationFactsMax * evaluationFactMaxLength}
              value={values.facts}
              onInput={event => change({ facts: event.currentTarget.value })}
            />
            <small class="muted">{t('factsHint')}</small>
          </label>
          <ExpectedSources sources={values.sources} onSources={sources => change({ sources })} />
        </>
      )}
    </>
  )
}

function ExpectedSources({
  sources,
  onSources,
}: {
  sources: ExpectedSource[]
  onSources(sources: ExpectedSource[]): void
}) {
  const { t } = useConsole(translator)
  const isSame = (a: ExpectedSource, b: ExpectedSource) =>
    a.source === b.source && a.source_id === b.source_id
  return (
    <fieldset class="field expected-sources">
      <legend>{t('expectedSources')}</legend>
      {sources.length > 0 && (
        <ul>
          {sources.map(one => (
            <li key={`${one.source} ${one.source_id}`}>
              <span class="tag">{t(one.source)}</span>
              <span dir="auto">{one.title}</span>
              <button
                type="button"
                class="button small quiet"
                aria-label={t('removeSource', { title: one.title })}
                onClick={() => onSources(sources.filter(other => !isSame(other, one)))}
              >
                <Icon name="close" size={16} />
              </button>
            </li>
          ))}
        </ul>
      )}
      {sources.length < evaluationSourcesMax && (
        <SourceSearch
          onPick={one => sources.some(other => isSame(other, one)) || onSources([...sources, one])}
        />
      )}
      <small class="muted">{t('expectedSourcesHint')}</small>
    </fieldset>
  )
}
