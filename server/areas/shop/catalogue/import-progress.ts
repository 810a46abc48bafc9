import type { Job } from '#protocol/shop/knowledge'
import type { Clock } from '../../../core/clock.ts'
import { newId } from '../../../core/ids.ts'

const reportEveryMs = 250

/** Tells staff how far an import is. It is no job that is kept: its request has the outcome. */
export function createImportProgress(publish: (job: Job) => void, clock: Clock) {
  const base = { id: newId(), kind: 'import', created_at: new Date(clock()).toISOString() }
  let reportedAt = Number.NEGATIVE_INFINITY

  function report(status: Job['status'], progress: number, error: string | null = null): void {
    reportedAt = performance.now()
    publish({ ...base, status, progress, error, updated_at: new Date(clock()).toISOString() })
  }

  return {
    /** @param progress 0 to 1 */
    setProgress(progress: number): void {
      if (performance.now() - reportedAt >= reportEveryMs) report('running', Math.min(1, progress))
    },
    done: () => report('done', 1),
    fail: (error: string) => report('error', 0, error),
  }
}

export type ImportProgress = ReturnType<typeof createImportProgress>
