import type { Job } from '#protocol/shop/knowledge'
import type { Clock } from '../../../core/clock.ts'
import { newId } from '../../../core/ids.ts'

const reportEveryMs = 250

/** Tells staff how far an import is. It is no job that is kept: its request has the outcome. */
export function importProgress(tell: (job: Job) => void, clock: Clock) {
  const begun = { id: newId(), kind: 'import', created_at: new Date(clock()).toISOString() }
  let toldAt = Number.NEGATIVE_INFINITY

  function report(status: Job['status'], progress: number, error: string | null = null): void {
    toldAt = performance.now()
    tell({ ...begun, status, progress, error, updated_at: new Date(clock()).toISOString() })
  }

  return {
    /** @param progress 0 to 1 */
    reach(progress: number): void {
      if (performance.now() - toldAt >= reportEveryMs) report('running', Math.min(1, progress))
    },
    done: () => report('done', 1),
    fail: (error: string) => report('error', 0, error),
  }
}

export type ImportProgress = ReturnType<typeof importProgress>
