import type { ComponentChildren } from 'preact'
import { type Loaded, useConsole } from './context.ts'
import { consoleErrorSentence } from './errors.ts'

/** What was loaded, or in its place that it is coming, or why it is not. */
export function Loading<D>({ of, children }: { of: Loaded<D>; children: (data: D) => ComponentChildren }) {
  const { language, t } = useConsole()
  const { data, error, reload } = of
  return (
    <>
      {error && (
        <div class="notice problem" role="alert">
          <p>{consoleErrorSentence(error.code, language)}</p>
          <button type="button" class="button" onClick={reload}>
            {t('retry')}
          </button>
        </div>
      )}
      {data ? children(data) : !error && <Skeleton label={t('loading')} />}
    </>
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
