import { createContext } from 'preact'
import { useCallback, useContext, useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { type ParleyError, toParleyError } from '../sdk/error.ts'
import type { Language, Translate, Translator } from '../ui/i18n.ts'
import type { Toasts } from '../ui/toasts.tsx'
import type { DeskLoader } from './desk-loader.ts'
import { consoleErrorSentence } from './errors.ts'
import type { Session } from './session.ts'
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

/** What `path` answers, read again when it changes; what was there stays until the new is. */
export function useLoaded<D>(path: string): Loaded<D> {
  const { session } = useConsole()
  const [state, setState] = useState<{ data: D | null; error: ParleyError | null }>({
    data: null,
    error: null,
  })
  const [count, setCount] = useState(0)
  const reload = useCallback(() => setCount(before => before + 1), [])

  useEffect(() => {
    const abort = new AbortController()
    session.call<D>(path, { signal: abort.signal }).then(
      data => setState({ data, error: null }),
      thrown => abort.signal.aborted || setState(({ data }) => ({ data, error: toParleyError(thrown) })),
    )
    return () => abort.abort()
  }, [session, path, count])

  return { ...state, reload }
}

/** Runs what a button does: busy meanwhile, and a failure becomes a notice in words. */
export function useAction(): { isBusy: boolean; run(action: () => Promise<unknown>): Promise<void> } {
  const { toasts, language } = useConsole()
  const [isBusy, setBusy] = useState(false)
  const isRunning = useRef(false)

  async function run(action: () => Promise<unknown>) {
    if (isRunning.current) return
    isRunning.current = true
    setBusy(true)
    try {
      await action()
    } catch (thrown) {
      toasts.warn(consoleErrorSentence(toParleyError(thrown).code, language))
    } finally {
      isRunning.current = false
      setBusy(false)
    }
  }

  return { isBusy, run }
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
