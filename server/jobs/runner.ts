import type { JobRow, JobStorage } from '#storage/platform/jobs'

/** How a piece of work says how far it is, from 0 to 1, and learns that it should stop. */
export interface Work {
  signal: AbortSignal
  report(progress: number): void
}

export interface JobKind {
  /** Begun again from the start after an interruption. @param subject what it works on, e.g. a document's id */
  perform(subject: string | null, work: Work): Promise<void>
  /** It failed for good. @param reason in words that people may read */
  onFailed?(subject: string | null, reason: string): Promise<void>
}

export interface JobRunnerParts {
  storage: JobStorage
  kinds: Readonly<Record<string, JobKind>>
  /** A job is further, or has ended. */
  onProgress(job: JobRow): void
  /** No job is left; so many were done in a row. */
  onDrained(done: number): Promise<void>
  /** One line for the operator: constant text, ids in `fields`. */
  warn(text: string, fields?: Record<string, unknown>): void
}

/** A lease lasts 30 s. */
const heartbeatMs = 8000
const reportEveryMs = 250
/** How often a process with nothing to do looks for what a dead one left behind. */
const jobPollMs = 10_000
const retriesMs = [5000, 30_000, 120_000]

/** Takes jobs one after another for as long as it is started; another node may take the next one. */
export function createJobRunner({ storage, kinds, onProgress, onDrained, warn }: JobRunnerParts) {
  const stopping = new AbortController()
  let running: Promise<void> | null = null
  let endPause: (() => void) | null = null

  async function perform(job: JobRow): Promise<void> {
    const lost = new AbortController()
    const signal = AbortSignal.any([stopping.signal, lost.signal])
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
      if (stopping.signal.aborted) await storage.release(job)
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

  /** Does what may be done now, and returns when nothing is left. */
  async function drain(): Promise<void> {
    let done = 0
    while (!stopping.signal.aborted) {
      const job = await storage.claim()
      if (!job) break
      await perform(job)
      done++
    }
    await onDrained(done)
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      let waitMs = jobPollMs
      try {
        await drain()
        await storage.prune()
        waitMs = Math.min(jobPollMs, (await storage.nextInMs()) ?? jobPollMs)
      } catch (error) {
        if (!stopping.signal.aborted) warn('Jobs cannot be taken.', { error })
      }
      await pause(Math.max(waitMs, 100))
    }
  }

  function pause(ms: number): Promise<void> {
    if (stopping.signal.aborted) return Promise.resolve()
    return new Promise(resolve => {
      const timer = setTimeout(resolve, ms)
      timer.unref()
      endPause = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  return {
    drain,
    start() {
      running ??= run()
    },
    /** There is a new job. */
    wake() {
      endPause?.()
    },
    /** Ends within a batch's time; what was being done is left to be taken again. */
    async stop(): Promise<void> {
      stopping.abort()
      endPause?.()
      await running
    },
  }
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
