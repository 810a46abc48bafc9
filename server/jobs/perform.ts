import type { JobRow } from '#storage/platform/jobs'
import type { JobRunnerParts } from './runner.ts'

/** A lease lasts 30 s. */
const heartbeatMs = 8000
const reportEveryMs = 250
const retriesMs = [5000, 30_000, 120_000]

/** Does one job to its end: done, failed, queued again, or given back where this process stops. */
export function createPerformer(
  { storage, kinds, onProgress, warn }: Omit<JobRunnerParts, 'onDrained'>,
  stopping: AbortSignal,
) {
  async function perform(job: JobRow): Promise<void> {
    const lost = new AbortController()
    const signal = AbortSignal.any([stopping, lost.signal])
    let progress = job.progress
    let reported = Number.NEGATIVE_INFINITY
    async function reportProgress() {
      const row = await storage.advance(job, progress).catch(() => undefined)
      if (row) onProgress(row)
      if (row === null) lost.abort()
    }
    const heartbeat = setInterval(() => void reportProgress(), heartbeatMs)
    function report(next: number) {
      progress = next
      if (performance.now() - reported < reportEveryMs) return
      reported = performance.now()
      void reportProgress()
    }
    try {
      onProgress(job)
      const kind = kinds[job.kind]
      if (!kind) throw new TypeError(`There is no job of the kind ${job.kind}.`)
      await kind.perform(job.subject, { signal, report })
      await endJob(job, null)
    } catch (error) {
      if (stopping.aborted) await storage.release(job)
      else if (!lost.signal.aborted) await failJob(job, error)
    } finally {
      clearInterval(heartbeat)
    }
  }

  async function endJob(job: JobRow, error: string | null, retryMs?: number): Promise<void> {
    const row = await storage.end(job, error, retryMs)
    if (row) onProgress(row)
  }

  async function failJob(job: JobRow, error: unknown): Promise<void> {
    const reason = describeFailure(error)
    warn('A job failed.', { job_id: job.id, kind: job.kind, attempt: job.attempt, error })
    const retryMs = isTransient(error) ? retriesMs[job.attempt - 1] : undefined
    if (retryMs === undefined) await kinds[job.kind]?.onFailed?.(job.subject, reason)
    await endJob(job, reason, retryMs)
  }

  return perform
}

function isTransient(error: unknown): boolean {
  return error instanceof Error && /^(ModelError|DatabaseUnavailable|TimeoutError)$/.test(error.name)
}

/** What may be shown of a failure: our own and the models' errors speak to people, others only to the log. */
function describeFailure(error: unknown): string {
  if (error instanceof Error && (error.name === 'ModelError' || error.name === 'DatabaseUnavailable'))
    return error.message
  if (error instanceof Error && error.name === 'TimeoutError') return 'The model did not answer in time.'
  return 'An internal error; the server log has it.'
}
