import type { AuditEntry } from '#storage/identity/audit'
import { derivation } from '../../../answering/retrieval/derivation.ts'
import { newId } from '../../../core/ids.ts'
import { createJobRunner } from '../../../jobs/runner.ts'
import { type KnowledgeDeps, toJob } from './deps.ts'
import type { createIndexer } from './indexing.ts'

const indexKinds = ['index', 'rebuild', 'derive', 'embed']
/** After so many documents at once the tables are worth an ANALYZE. */
const analyzeAfterJobs = 20

/** What is indexed, embedded and made anew, one job after the other. */
export function createIndexJobs(deps: KnowledgeDeps, indexer: ReturnType<typeof createIndexer>) {
  const { documents, jobs, passages, vectors } = deps.storage
  const runner = createJobRunner({
    storage: jobs,
    kinds: {
      index: {
        async perform(id, work) {
          await indexer.indexDocument(id!, work)
          await indexer.recomputeWeights('document')
          await embedLater()
        },
        onFailed: (id, reason) => documents.fail(id!, reason),
      },
      rebuild: {
        async perform(_subject, work) {
          await indexer.rebuild(work)
          await embedLater()
        },
      },
      /** What an older derivation made is made anew. */
      derive: {
        async perform(_subject, work) {
          await indexer.rebuild(work, { outdatedOnly: true })
          await embedLater()
        },
      },
      embed: { perform: (_subject, work) => indexer.embedMissing(work) },
    },
    onProgress: job => deps.progress(toJob(job)),
    async onDrained(done) {
      if (done >= analyzeAfterJobs) await passages.analyze()
    },
    warn: deps.warn,
  })

  /** @returns the id of the job; of the one that waits, where one of the kind does */
  async function enqueue(kind: 'rebuild' | 'derive' | 'embed', audit?: AuditEntry): Promise<string> {
    const id = await jobs.enqueueOnce({ id: newId(), kind }, audit)
    runner.wake()
    return id
  }

  async function embedLater(): Promise<void> {
    if (!deps.embedding) return
    const { all, embedded, refused } = await vectors.counts(deps.embedding.model)
    if (embedded + refused >= all && (await vectors.missing(deps.embedding.model, 1)).length === 0) return
    await enqueue('embed')
  }

  /** What is being done to the index, or was last. */
  async function state() {
    const job = await jobs.current(indexKinds)
    if (!job || job.status === 'done') return { status: 'idle' as const, progress: 1, job: job && toJob(job) }
    const status = job.status === 'error' ? ('error' as const) : ('building' as const)
    return { status, progress: job.progress, job: toJob(job) }
  }

  async function embeddingState() {
    if (!deps.embedding) return null
    const { model } = deps.embedding
    const { all: passages, embedded, refused } = await vectors.counts(model)
    return { model, passages, embedded, refused }
  }

  return {
    enqueue,
    embedLater,
    state,
    embeddingState,
    wake: () => runner.wake(),
    /** Takes up jobs from now on, embeds what a newly configured model has not seen, and has made anew what an older derivation made. */
    async start({ productsOutdated = false } = {}): Promise<void> {
      runner.start()
      if (productsOutdated || (await documents.idsAfter(null, derivation)).length > 0) {
        await enqueue('derive')
      }
      await embedLater()
    },
    stop: () => runner.stop(),
    /** Does the jobs that may run now and returns when none is left: for tools and tests. */
    drain: () => runner.drain(),
  }
}
