import type { JobRow } from '#storage/shop/knowledge'
import { inWords, type KnowledgeDeps, toJob } from './deps.ts'
import type { Work } from './indexing.ts'

export type JobKinds = Readonly<Record<string, (subject: string | null, work: Work) => Promise<void>>>

/** A lease lasts 30 s. */
const heartbeatMs = 8000
const reportEveryMs = 250
/** How often a process with nothing to do looks for what a dead one left behind. */
const idleMs = 10_000
/** After so many at once the tables are worth tidying. */
const manyJobs = 20
const retriesMs = [5000, 30_000, 120_000]

/** Takes jobs one after another for as long as it is started; another node may take the next one. */
export function worker(deps: KnowledgeDeps, kinds: JobKinds) {
  const { jobs } = deps.storage
  const stopping = new AbortController()
  let running: Promise<void> | null = null
  let wakeUp: (() => void) | null = null

  async function perform(taken: JobRow): Promise<void> {
    const lost = new AbortController()
    const signal = AbortSignal.any([stopping.signal, lost.signal])
    let progress = taken.progress
    let reported = Number.NEGATIVE_INFINITY
    async function advance() {
      const row = await jobs.advance(taken, progress).catch(() => undefined)
      if (row) deps.progress(toJob(row))
      if (row === null) lost.abort()
    }
    const heartbeat = setInterval(() => void advance(), heartbeatMs)
    function report(next: number) {
      progress = next
      if (performance.now() - reported < reportEveryMs) return
      reported = performance.now()
      void advance()
    }
    try {
      deps.progress(toJob(taken))
      const kind = kinds[taken.kind]
      if (!kind) throw new TypeError(`There is no job of the kind ${taken.kind}.`)
      await kind(taken.subject, { signal, report })
      await end(taken, null)
    } catch (error) {
      if (stopping.signal.aborted) await jobs.release(taken)
      else if (!lost.signal.aborted) await fail(taken, error)
    } finally {
      clearInterval(heartbeat)
    }
  }

  async function end(job: JobRow, error: string | null, retryMs?: number): Promise<void> {
    const row = await jobs.end(job, error, retryMs)
    if (row) deps.progress(toJob(row))
  }

  async function fail(job: JobRow, error: unknown): Promise<void> {
    const reason = inWords(error)
    deps.warn('A job failed.', { job_id: job.id, kind: job.kind, attempt: job.attempt, error })
    const passing =
      error instanceof Error && /^(ModelError|DatabaseUnavailable|TimeoutError)$/.test(error.name)
    const retryMs = passing ? retriesMs[job.attempt - 1] : undefined
    if (retryMs === undefined && job.kind === 'index' && job.subject)
      await deps.storage.documents.fail(job.subject, reason)
    await end(job, reason, retryMs)
  }

  /** Does what may be done now, and returns when nothing is left. */
  async function drain(): Promise<void> {
    let done = 0
    while (!stopping.signal.aborted) {
      const job = await jobs.take()
      if (!job) break
      await perform(job)
      done++
    }
    if (done >= manyJobs) await deps.storage.passages.tidy()
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      let waitMs = idleMs
      try {
        await drain()
        await jobs.prune()
        waitMs = Math.min(idleMs, (await jobs.nextInMs()) ?? idleMs)
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
      wakeUp = () => {
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
      wakeUp?.()
    },
    /** Ends within a batch's time; what was being done is left to be taken again. */
    async stop(): Promise<void> {
      stopping.abort()
      wakeUp?.()
      await running
    },
  }
}
