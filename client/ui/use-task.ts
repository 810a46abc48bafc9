import { useRef, useState } from 'preact/hooks'
import { type ParleyError, toParleyError } from '../sdk/error.ts'

export interface Task {
  isBusy: boolean
  /** Why the last one failed. */
  error: ParleyError | null
  /** @returns whether it worked; while one is on its way nothing else is begun */
  run(work: () => Promise<unknown>): Promise<boolean>
}

/** One thing at a time that somebody asked for, and what became of it. Its button says `aria-busy`: one that is disabled loses the focus. */
export function useTask(onFailure?: (error: ParleyError) => void): Task {
  const [{ isBusy, error }, set] = useState<Pick<Task, 'isBusy' | 'error'>>({ isBusy: false, error: null })
  const isRunning = useRef(false)

  async function run(work: () => Promise<unknown>): Promise<boolean> {
    if (isRunning.current) return false
    isRunning.current = true
    set({ isBusy: true, error: null })
    const failure = await work().then(() => null, toParleyError)
    isRunning.current = false
    set({ isBusy: false, error: failure })
    if (failure) onFailure?.(failure)
    return failure === null
  }

  return { isBusy, error, run }
}
