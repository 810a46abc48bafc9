import './fields.css'
import type { Language } from '#protocol'
import { articleMaxLength, articleQuestionMaxLength, articleQuestionsMax } from '#protocol/core/limits'
import type { Article } from '#protocol/shop/article'
import { languages } from '../../../ui/i18n.ts'
import { useConsole } from '../../context.ts'
import { DayField, SelectField } from '../../fields.tsx'
import { translator } from './words.ts'

/** An answer as it is edited: questions a line each, days as the browser's field has them. */
export interface ArticleValues {
  questions: string
  answer: string
  language: Language
  valid_from: string
  valid_until: string
}

export function valuesOf(article: Pick<Article, 'questions' | 'language'> & Partial<Article>): ArticleValues {
  const { questions, answer = '', language, valid_from = null, valid_until = null } = article
  return {
    questions: questions.join('\n'),
    answer,
    language,
    valid_from: dayOf(valid_from),
    // The last day is valid until its end.
    valid_until: dayOf(valid_until && new Date(Date.parse(valid_until) - 1).toISOString()),
  }
}

/** What the server takes of what was changed. */
export function inputOf({ questions, valid_from, valid_until, ...values }: Partial<ArticleValues>) {
  return {
    ...values,
    ...(questions !== undefined && { questions: linesOf(questions) }),
    ...(valid_from !== undefined && { valid_from: startOf(valid_from, 0) }),
    ...(valid_until !== undefined && { valid_until: startOf(valid_until, 1) }),
  }
}

interface Props {
  values: ArticleValues
  change(to: Partial<ArticleValues>): void
}

export function ArticleFields({ values, change }: Props) {
  const { t } = useConsole(translator)
  return (
    <>
      <label class="field">
        {t('questionsLabel')}
        <textarea
          class="input"
          rows={4}
          required
          dir="auto"
          maxLength={articleQuestionsMax * articleQuestionMaxLength}
          value={values.questions}
          onInput={event => change({ questions: event.currentTarget.value })}
        />
        <small class="muted">{t('questionsHint')}</small>
      </label>
      <label class="field">
        {t('answer')}
        <textarea
          class="input"
          rows={6}
          required
          dir="auto"
          maxLength={articleMaxLength}
          value={values.answer}
          onInput={event => change({ answer: event.currentTarget.value })}
        />
        <small class="muted">{t('answerHint')}</small>
      </label>
      <div class="dates">
        <SelectField
          label={t('language')}
          value={values.language}
          options={languages.map(language => [language, t(language)] as const)}
          onSelect={language => change({ language })}
        />
        <DayField
          label={t('validFrom')}
          value={values.valid_from}
          onDay={valid_from => change({ valid_from })}
        />
        <DayField
          label={t('validUntil')}
          value={values.valid_until}
          min={values.valid_from}
          onDay={valid_until => change({ valid_until })}
        />
      </div>
      <small class="muted">{t('validHint')}</small>
    </>
  )
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map(line => line.trim())
    .filter(Boolean)
}

/** The day of a time where the reader is, as a date field has it. */
function dayOf(time: string | null): string {
  if (!time) return ''
  const date = new Date(time)
  const digits = (value: number, length = 2) => String(value).padStart(length, '0')
  return `${digits(date.getFullYear(), 4)}-${digits(date.getMonth() + 1)}-${digits(date.getDate())}`
}

/** When a day begins where the reader is, so many days on. */
function startOf(day: string, later: number): string | null {
  const [year, month, date] = day.split('-').map(Number)
  return day === '' ? null : new Date(year!, month! - 1, date! + later).toISOString()
}
