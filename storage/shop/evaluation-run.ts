import type { Reference } from '#protocol'
import type { EvaluationProblem } from '#protocol/shop/evaluation'
import type { Database, TransactionSql } from '../engine/transaction.ts'
import { type Actor, recordAudit } from '../identity/audit.ts'
import type { JobStorage } from '../platform/jobs.ts'
import { type CaseRow, caseColumns } from './evaluation.ts'

export interface RunRow {
  id: string
  status: 'queued' | 'running' | 'done' | 'cancelled' | 'error'
  trigger: 'person' | 'change'
  started_by: string | null
  basis: string
  cases: number
  asked: number
  passed: number
  refusals: number
  marks_written: number
  marks_honest: number
  median_ms: number | null
  cost: number | null
  currency: string | null
  models: string[]
  error: string | null
  created_at: string
  ended_at: string | null
}

export interface ResultRow {
  case_id: string
  question: string
  /** None: it passed. */
  problems: EvaluationProblem[]
  missing: string[]
  answer: string
  sources: Reference[]
  is_refusal: boolean
  marks_written: number
  marks_honest: number
  model: string | null
  duration_ms: number
  cost: number | null
  currency: string | null
}

const runsMax = 200

/** Runs of an evaluation: one at a time, each as a job. */
export function evaluationRunStorage(database: Database, jobs: JobStorage) {
  return { ...runWriter(database, jobs), ...runReader(database) }
}

function runWriter({ sql, withDeadline, transaction }: Database, jobs: JobStorage) {
  return {
    /** @returns the run that is under way, this one or another; null where there is nothing to ask */
    startRun(
      run: Pick<RunRow, 'id' | 'trigger' | 'started_by' | 'basis'> & { jobId: string },
      actor: Actor,
    ): Promise<RunRow | null> {
      return transaction(async inner => {
        const [active] = await inner<RunRow[]>`
          select * from evaluation_runs where status in ('queued', 'running')`
        if (active) return active
        const [row] = await inner<RunRow[]>`
          insert into evaluation_runs (id, trigger, started_by, basis, cases)
          select ${run.id}, ${run.trigger}, ${run.started_by}, ${run.basis}, count(*) from evaluation_cases
          having count(*) > 0
          on conflict do nothing returning *`
        if (!row) {
          const [other] = await inner<RunRow[]>`
            select * from evaluation_runs where status in ('queued', 'running')`
          return other ?? null
        }
        await jobs.enqueue(inner, { id: run.jobId, kind: 'evaluation', subject: row.id })
        await recordAudit(inner, { actor, scope: 'knowledge', action: 'evaluation:start', subject: row.id })
        return row
      })
    },

    /** @returns whether it may go on: nobody has cancelled it */
    async resumeRun(id: string): Promise<RunRow | null> {
      const [row] = await withDeadline(sql<RunRow[]>`
        update evaluation_runs set status = 'running' where id = ${id} and status in ('queued', 'running') returning *`)
      return row ?? null
    },

    /** What has been asked already is not asked again. */
    async nextCase(id: string): Promise<CaseRow | null> {
      const [row] = await withDeadline(sql<CaseRow[]>`
        select ${caseColumns(sql)} from evaluation_cases c
        where exists (select from evaluation_runs where id = ${id} and status = 'running')
          and created_at <= (select created_at from evaluation_runs where id = ${id})
          and not exists (select from evaluation_results where run_id = ${id} and case_id = c.id)
        order by created_at, id limit 1`)
      return row ?? null
    },

    /** A question that was removed meanwhile leaves nothing. @returns the sums with it */
    addResult(id: string, result: ResultRow): Promise<RunRow> {
      return transaction(async inner => {
        await inner`
          insert into evaluation_results (run_id, case_id, question, problems, missing, answer, sources, is_refusal,
            marks_written, marks_honest, model, duration_ms, cost, currency)
          select ${id}, id, ${result.question}, ${result.problems}::text[], ${result.missing}::text[], ${result.answer},
            ${inner.json(result.sources as never)}, ${result.is_refusal}, ${result.marks_written}, ${result.marks_honest},
            ${result.model}, ${result.duration_ms}, ${result.cost}, ${result.currency}
          from evaluation_cases where id = ${result.case_id} for share
          on conflict do nothing`
        return sumUp(inner, id)
      })
    },

    /** @returns it as it ended; null where it had ended before, or is not there */
    endRun(
      id: string,
      status: 'done' | 'cancelled' | 'error',
      { error = null, actor }: { error?: string | null; actor?: Actor } = {},
    ): Promise<RunRow | null> {
      return transaction(async inner => {
        const [row] = await inner<RunRow[]>`
          update evaluation_runs set status = ${status}, error = ${error}, ended_at = clock_timestamp(),
            cases = case when ${status === 'done'} then asked else cases end
          where id = ${id} and status in ('queued', 'running') returning *`
        if (row && actor)
          await recordAudit(inner, { actor, scope: 'knowledge', action: 'evaluation:cancel', subject: id })
        await inner`
          delete from evaluation_runs where id in (
            select id from evaluation_runs order by created_at desc, id desc offset ${runsMax})`
        return row ?? null
      })
    },

    /** Ends those whose job was given up. */
    async endLostRuns(): Promise<void> {
      await withDeadline(sql`
        update evaluation_runs r set status = 'error', ended_at = now(),
          error = coalesce((select error from jobs where subject = r.id::text and kind = 'evaluation' limit 1), 'It was interrupted.')
        where status in ('queued', 'running')
          and not exists (select from jobs where subject = r.id::text and status in ('queued', 'running'))`)
    },
  }
}

function runReader({ sql, withDeadline }: Database) {
  return {
    async runs(query: { page: number; page_size: number }) {
      const items = await withDeadline(sql<RunRow[]>`
        select * from evaluation_runs order by created_at desc, id desc
        limit ${query.page_size} offset ${(query.page - 1) * query.page_size}`)
      const [row] = await withDeadline(
        sql<{ total: number }[]>`select count(*)::int as total from evaluation_runs`,
      )
      return { items: [...items], total: row!.total }
    },

    async run(id: string): Promise<RunRow | null> {
      const [row] = await withDeadline(sql<RunRow[]>`select * from evaluation_runs where id = ${id}`)
      return row ?? null
    },

    /** The last whole one that began before it. */
    async runBefore({ id, created_at }: RunRow): Promise<RunRow | null> {
      const [row] = await withDeadline(sql<RunRow[]>`
        select * from evaluation_runs where status = 'done' and (created_at, id) < (${created_at}::timestamptz, ${id}::uuid)
        order by created_at desc, id desc limit 1`)
      return row ?? null
    },

    async results(id: string): Promise<ResultRow[]> {
      return withDeadline(sql<ResultRow[]>`
        select r.* from evaluation_results r join evaluation_cases c on c.id = r.case_id
        where run_id = ${id} order by c.created_at desc, c.id desc`)
    },

    /** A digest of what answers rest on, by the day where documents have their days; and whether an index is being made of it. */
    async basis(): Promise<{ digest: string; is_settled: boolean; last: string | null; cases: number }> {
      const [row] = await withDeadline(sql<
        { digest: string; is_settled: boolean; last: string | null; cases: number }[]
      >`
        select md5(concat_ws('|',
            (select count(*) || ' ' || coalesce(sum(version), 0) || ' ' || md5(coalesce(string_agg(
              id::text || hash || coalesce(valid_from::text, '') || coalesce(valid_until::text, '')
              || coalesce(valid_from > current_date, false) || coalesce(valid_until < current_date, false), ' ' order by id), ''))
              from documents),
            (select version from catalogue_versions where active),
            (select count(*) || ' ' || coalesce(max(updated_at)::text, '') from articles),
            (select count(*) || ' ' || coalesce(max(updated_at)::text, '') from providers
              where scope = 'organization' and deleted_at is null))) as digest,
          not exists (select from jobs where status in ('queued', 'running') and kind <> 'evaluation')
            and not exists (select from evaluation_runs where status in ('queued', 'running')) as is_settled,
          (select basis from evaluation_runs order by created_at desc, id desc limit 1) as last,
          (select count(*)::int from evaluation_cases) as cases`)
      return row!
    },
  }
}

/** What came of a run so far; of several currencies the one of most answers. */
async function sumUp(inner: TransactionSql, id: string): Promise<RunRow> {
  const [row] = await inner<RunRow[]>`
    with mine as (select * from evaluation_results where run_id = ${id}),
      money as (select currency, sum(cost) as cost from mine where cost is not null
        group by currency order by count(*) desc, currency limit 1)
    update evaluation_runs set asked = s.asked, passed = s.passed, refusals = s.refusals, median_ms = s.median_ms,
      marks_written = s.marks_written, marks_honest = s.marks_honest, models = s.models,
      cost = (select cost from money), currency = (select currency from money)
    from (select count(*)::int as asked, count(*) filter (where problems = '{}')::int as passed,
        count(*) filter (where is_refusal)::int as refusals,
        percentile_disc(0.5) within group (order by duration_ms) as median_ms,
        coalesce(sum(marks_written), 0)::int as marks_written, coalesce(sum(marks_honest), 0)::int as marks_honest,
        array(select distinct model from mine where model is not null order by 1) as models
      from mine) s
    where id = ${id} returning evaluation_runs.*`
  return row!
}
