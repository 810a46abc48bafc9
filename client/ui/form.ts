import { useRef, useState } from 'preact/hooks'

/** As deep as plain objects go; a list is one value. */
export type Changes<V> = V extends readonly unknown[]
  ? V
  : V extends object
    ? { [K in keyof V]?: Changes<V[K]> }
    : V

export interface Form<V extends object> {
  values: V
  change(to: Partial<V>): void
  /** What differs from what was loaded; null where nothing does. Only that is sent. */
  changes: Changes<V> | null
  reset(): void
}

/** What a form holds. Loaded anew, what was changed meanwhile stays changed and the rest is as loaded. */
export function useForm<V extends object>(loaded: V): Form<V> {
  const state = useRef({ loaded, values: loaded })
  const [, refresh] = useState({})
  if (state.current.loaded !== loaded) {
    const changes = changesBetween(state.current.loaded, state.current.values)
    state.current = { loaded, values: withChanges(loaded, changes) }
  }

  function set(values: V) {
    state.current = { loaded, values }
    refresh({})
  }

  const { values } = state.current
  return {
    values,
    changes: changesBetween(loaded, values) ?? null,
    change: to => set({ ...state.current.values, ...to }),
    reset: () => set(loaded),
  }
}

/** Undefined where both are the same; a field that is undefined is taken for absent. */
export function changesBetween<V>(before: V, after: V): Changes<V> | undefined {
  if (!isPlain(before) || !isPlain(after)) return isSame(before, after) ? undefined : (after as Changes<V>)
  const changed = Object.entries(after).flatMap(([name, value]) => {
    const change = changesBetween(before[name], value)
    return change === undefined ? [] : [[name, change]]
  })
  return changed.length > 0 ? (Object.fromEntries(changed) as Changes<V>) : undefined
}

function withChanges<V>(values: V, changes: Changes<V> | undefined): V {
  if (changes === undefined) return values
  if (!isPlain(values) || !isPlain(changes)) return changes as V
  const next: Record<string, unknown> = { ...values }
  for (const [name, change] of Object.entries(changes)) next[name] = withChanges(next[name], change as never)
  return next as V
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
