import type { ParleyError } from '../../sdk/error.ts'
import { toParleyError, useState } from '../core/shared.ts'

export interface Task {
  isRunning: boolean
  /** Why the last one failed. */
  error: ParleyError | null
  /** @returns whether it worked; while one is on its way nothing else is begun */
  run(work: () => Promise<unknown>): Promise<boolean>
}

/** One thing at a time that somebody asked for, and what became of it. */
export function useTask(): Task {
  const [{ isRunning, error }, set] = useState<Pick<Task, 'isRunning' | 'error'>>({
    isRunning: false,
    error: null,
  })

  async function run(work: () => Promise<unknown>): Promise<boolean> {
    if (isRunning) return false
    set({ isRunning: true, error: null })
    const failure = await work().then(() => null, toParleyError)
    set({ isRunning: false, error: failure })
    return failure === null
  }

  return { isRunning, error, run }
}
