import type { ComponentChildren } from 'preact'
import type { ParleyError } from '../sdk/error.ts'
import { pageErrorSentence } from '../ui/page-errors.ts'
import { type Loaded, useConsole } from './context.ts'

/** What was loaded, or in its place that it is coming, or why it is not. */
export function Loading<D>({ of, children }: { of: Loaded<D>; children: (data: D) => ComponentChildren }) {
  const { language, t } = useConsole()
  const { data, error, reload } = of
  return (
    <>
      {error && (
        <div class="notice problem" role="alert">
          <p>{pageErrorSentence(error.code, language)}</p>
          <button type="button" class="button" onClick={reload}>
            {t('retry')}
          </button>
        </div>
      )}
      {data ? children(data) : !error && <Skeleton label={t('loading')} />}
    </>
  )
}

interface ProblemProps {
  error: ParleyError | null
  /** What is said of an error that means something of its own here. */
  words?: (error: ParleyError) => string | false
}

/** Why something did not work, read out as it appears. */
export function Problem({ error, words }: ProblemProps) {
  const { language } = useConsole()
  return (
    <p class="problem" role="alert">
      {error && (words?.(error) || pageErrorSentence(error.code, language))}
    </p>
  )
}

export function Skeleton({ label }: { label: string }) {
  return (
    <div class="rows" role="status" aria-label={label}>
      {[1, 2, 3, 4, 5].map(row => (
        <div key={row} class="skeleton" />
      ))}
    </div>
  )
}

export function Empty({ title, text }: { title: string; text: string }) {
  return (
    <div class="empty">
      <h3>{title}</h3>
      <p class="muted">{text}</p>
    </div>
  )
}
