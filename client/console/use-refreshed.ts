import { useEffect } from 'preact/hooks'
import type { Loaded } from './context.ts'

/** Reads it again and again while the page is looked at. */
export function useRefreshed<D>(loaded: Loaded<D>, everyMs: number): Loaded<D> {
  useEffect(() => {
    const timer = setInterval(() => document.hidden || loaded.reload(), everyMs)
    return () => clearInterval(timer)
  }, [loaded.reload, everyMs])
  return loaded
}
