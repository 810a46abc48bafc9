import { createContext } from 'preact'
import { useCallback, useContext, useEffect, useMemo, useState } from 'preact/hooks'
import type { OperationInput, OperationOutput } from '#protocol'
import type { RoutedName } from '#protocol/core/routes'
import { type ParleyError, toParleyError } from '../sdk/error.ts'
import type { Filter } from '../ui/http.ts'
import type { Language, Translate, Translator } from '../ui/i18n.ts'
import { pageErrorSentence } from '../ui/page-errors.ts'
import type { Session } from '../ui/session.ts'
import type { Toasts } from '../ui/toasts.tsx'
import { type Task, useTask } from '../ui/use-task.ts'
import type { DeskLoader } from './desk-loader.ts'
import type { T } from './words.ts'

export interface ConsoleContextValue {
  session: Session
  toasts: Toasts
  language: Language
  t: T
  deskLoader: DeskLoader
}

export const ConsoleContext = createContext<ConsoleContextValue>(null as unknown as ConsoleContextValue)

export function useConsole(): ConsoleContextValue
/** With the words of a page. */
export function useConsole<K extends string>(
  translator: Translator<K>,
): Omit<ConsoleContextValue, 't'> & { t: Translate<K> }
export function useConsole(translator?: Translator<string>) {
  const console = useContext(ConsoleContext)
  const { language } = console
  const t = useMemo(() => translator?.(language), [translator, language])
  return t ? { ...console, t } : console
}

export interface Loaded<D> {
  data: D | null
  error: ParleyError | null
  reload(): void
}

/** What an operation answers, read again when its input changes; what was there stays until the new is. */
export function useLoaded<K extends RoutedName>(
  name: K,
  input: Filter<OperationInput<K>>,
): Loaded<OperationOutput<K>> {
  const { session } = useConsole()
  const [state, setState] = useState<Omit<Loaded<OperationOutput<K>>, 'reload'>>({ data: null, error: null })
  const [count, setCount] = useState(0)
  const reload = useCallback(() => setCount(before => before + 1), [])

  useEffect(() => {
    const abort = new AbortController()
    session.call(name, input, abort.signal).then(
      data => setState({ data, error: null }),
      thrown => abort.signal.aborted || setState(({ data }) => ({ data, error: toParleyError(thrown) })),
    )
    return () => abort.abort()
  }, [session, name, JSON.stringify(input), count])

  return { ...state, reload }
}

/** Runs what a button does: a failure becomes a notice, in the page's own words where it has some for it. */
export function useAction(problemOf?: (error: ParleyError) => string | false): Task {
  const { toasts, language } = useConsole()
  return useTask(error => toasts.warn(problemOf?.(error) || pageErrorSentence(error.code, language)))
}

/** `value` once it has stood still for a moment. */
export function useSettled<V>(value: V, ms = 250): V {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms)
    return () => clearTimeout(timer)
  }, [value, ms])
  return settled
}
