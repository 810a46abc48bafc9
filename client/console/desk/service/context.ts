import { useMemo } from 'preact/hooks'
import { type ConsoleContextValue, useConsole } from '../../context.ts'
import { type T, translator } from './words.ts'

/** The console's context, with the words of these pages. */
export function useService(): Omit<ConsoleContextValue, 't'> & { t: T } {
  const console = useConsole()
  const t = useMemo(() => translator(console.language), [console.language])
  return { ...console, t }
}
