import type { JobRow } from '#storage/shop/knowledge'
import { describeFailure, type KnowledgeDeps, toJob } from './deps.ts'
import type { Work } from './indexing.ts'

export type JobKinds = Readonly<Record<string, (subject: string | null, work: Work) => Promise<void>>>

/** A lease lasts 30 s. */
const heartbeatMs = 8000
const reportEveryMs = 250
/** How often a process with nothing to do looks for what a dead one left behind. */
const jobPollMs = 10_000
/** After so many at once the tables are worth tidying. */
const analyzeAfterJobs = 20
const retriesMs = [5000, 30_000, 120_000]

/** Takes jobs one after another for as long as it is started; another node may take the next one. */
export function createWorker(deps: KnowledgeDeps, kinds: JobKinds) {
  const { jobs } = deps.storage
  const stopping = new AbortController()
  let running: Promise<void> | null = null
  let endPause: (() => void) | null = null

  async function perform(job: JobRow): Promise<void> {
    const lost = new AbortController()
    const signal = AbortSignal.any([stopping.signal, lost.signal])
    let progress = job.progress
    let reported = Number.NEGATIVE_INFINITY
    async function reportProgress() {
      const row = await jobs.advance(job, progress).catch(() => undefined)
      if (row) deps.progress(toJob(row))
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
      deps.progress(toJob(job))
      const kind = kinds[job.kind]
      if (!kind) throw new TypeError(`There is no job of the kind ${job.kind}.`)
      await kind(job.subject, { signal, report })
      await endJob(job, null)
    } catch (error) {
      if (stopping.signal.aborted) await jobs.release(job)
      else if (!lost.signal.aborted) await failJob(job, error)
    } finally {
      clearInterval(heartbeat)
    }
  }

  async function endJob(job: JobRow, error: string | null, retryMs?: number): Promise<void> {
    const row = await jobs.end(job, error, retryMs)
    if (row) deps.progress(toJob(row))
  }

  async function failJob(job: JobRow, error: unknown): Promise<void> {
    const reason = describeFailure(error)
    deps.warn('A job failed.', { job_id: job.id, kind: job.kind, attempt: job.attempt, error })
    const isTransient =
      error instanceof Error && /^(ModelError|DatabaseUnavailable|TimeoutError)$/.test(error.name)
    const retryMs = isTransient ? retriesMs[job.attempt - 1] : undefined
    if (retryMs === undefined && job.kind === 'index' && job.subject)
      await deps.storage.documents.fail(job.subject, reason)
    await endJob(job, reason, retryMs)
  }

  /** Does what may be done now, and returns when nothing is left. */
  async function drain(): Promise<void> {
    let done = 0
    while (!stopping.signal.aborted) {
      const job = await jobs.claim()
      if (!job) break
      await perform(job)
      done++
    }
    if (done >= analyzeAfterJobs) await deps.storage.passages.analyze()
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      let waitMs = jobPollMs
      try {
        await drain()
        await jobs.prune()
        waitMs = Math.min(jobPollMs, (await jobs.nextInMs()) ?? jobPollMs)
      } catch (error) {
        if (!stopping.signal.aborted) deps.warn('Jobs cannot be taken.', { error })
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
