import type { Contact, Feedback, Settings, Statistics, Team } from '#protocol/desk/service'
import type { Database, TransactionSql } from '../engine/transaction.ts'
import { where } from '../engine/where.ts'
import { type Actor, recordAudit } from '../identity/audit.ts'
import { type NewMail, queueMail } from '../platform/outbox.ts'

export type ServiceStorage = ReturnType<typeof serviceStorage>

export type StoredStatistics = Omit<Statistics, 'now'> & { longest_wait_ms: number | null }

export function serviceStorage({ sql, withDeadline, transaction }: Database) {
  async function settings(): Promise<Partial<Settings>> {
    const [row] = await withDeadline(sql<{ value: Partial<Settings> }[]>`select value from handoff_settings`)
    return row?.value ?? {}
  }

  /** `change` makes what is to be stored of what is, while nobody else can change it; it throws to refuse. */
  function configure(change: (stored: Partial<Settings>) => Partial<Settings>, actor: Actor): Promise<void> {
    return transaction(async inner => {
      await inner`insert into handoff_settings (value) values ('{}') on conflict do nothing`
      const [row] = await inner<{ value: Partial<Settings> }[]>`select value from handoff_settings for update`
      const changes = change(row!.value)
      const after = { ...row!.value, ...changes }
      await inner`update handoff_settings set value = ${inner.json(after as never)}, updated_at = now()`
      const previous = Object.fromEntries(
        Object.keys(changes).map(name => [name, row!.value[name as keyof Settings] ?? null]),
      )
      await recordAudit(inner, {
        actor,
        scope: 'handoff',
        action: 'handoff:configure',
        before: previous,
        after: changes,
      })
    })
  }

  async function teams(): Promise<Team[]> {
    return withDeadline(sql<Team[]>`
      select t.id, t.name, coalesce(
        (select array_agg(person_id order by person_id) from team_members where team_id = t.id), '{}'::uuid[]) as members
      from teams t order by lower(t.name)`)
  }

  async function lockTeam(inner: TransactionSql, id: string): Promise<Team | null> {
    const [team] = await inner<Pick<Team, 'name'>[]>`select name from teams where id = ${id} for update`
    if (!team) return null
    const members = await inner<{ person_id: string }[]>`
      select person_id from team_members where team_id = ${id} order by person_id`
    return { id, name: team.name, members: members.map(row => row.person_id) }
  }

  /** What is not given stays. False where another team has the name; null where there is none of the id. */
  function saveTeam(
    { id, name, members }: Pick<Team, 'id'> & { [K in 'name' | 'members']?: Team[K] | undefined },
    isNew: boolean,
    actor: Actor,
  ): Promise<Team | false | null> {
    return transaction(async inner => {
      const rows =
        await inner`select id from teams where lower(name) = lower(${name ?? null}) and id <> ${id}`
      if (rows.length > 0) return false
      const before = await lockTeam(inner, id)
      if (isNew) await inner`insert into teams (id, name) values (${id}, ${name!})`
      else if (before) await inner`update teams set name = coalesce(${name ?? null}, name) where id = ${id}`
      else return null
      if (members) {
        await inner`delete from team_members where team_id = ${id}`
        await inner`
          insert into team_members (team_id, person_id)
          select ${id}, id from people where id = any(${members}::uuid[])
            and role in ('agent', 'admin', 'super_admin')`
      }
      const after = (await lockTeam(inner, id))!
      await recordAudit(inner, { actor, scope: 'handoff', action: 'team:save', subject: id, before, after })
      return after
    })
  }

  /** Handoffs that wait for it wait for everybody. */
  function removeTeam(id: string, actor: Actor): Promise<boolean> {
    return transaction(async inner => {
      const before = await lockTeam(inner, id)
      if (!before) return false
      await inner`update handoffs set team_id = null where team_id = ${id} and status in ('pending', 'active')`
      await inner`delete from teams where id = ${id}`
      await recordAudit(inner, { actor, scope: 'handoff', action: 'team:delete', subject: id, before })
      return true
    })
  }

  const contactColumns = sql`id, conversation_id, email, phone, message, done, created_at`

  /** With the mail about it, where one is wanted. */
  function leaveContact(
    contact: Omit<Contact, 'done' | 'created_at'>,
    letter: { mail: NewMail; status: 'queued' | 'kept' } | null,
  ): Promise<Contact> {
    return transaction(async inner => {
      const { conversation_id } = contact
      if (letter) await queueMail(inner, { ...letter.mail, conversation_id }, letter.status)
      const [row] = await inner<Contact[]>`
      insert into handoff_contacts ${inner({ ...contact })}
      on conflict (conversation_id) do update set email = excluded.email, phone = excluded.phone,
        message = excluded.message, done = false, created_at = now()
      returning ${contactColumns}`
      return row!
    })
  }

  async function contacts(filter: { done?: boolean; page: number; page_size: number }) {
    const chosen = where(sql, [filter.done !== undefined && sql`done = ${filter.done}`])
    const [items, [count]] = await withDeadline(
      Promise.all([
        sql<Contact[]>`
          select ${contactColumns} from handoff_contacts ${chosen} order by created_at desc, id desc
          limit ${filter.page_size} offset ${(filter.page - 1) * filter.page_size}`,
        sql<{ total: number }[]>`select count(*) as total from handoff_contacts ${chosen}`,
      ]),
    )
    return { items: [...items], total: count!.total }
  }

  function settleContact(id: string, done: boolean, actor: Actor): Promise<Contact | null> {
    return transaction(async inner => {
      const [before] = await inner<Pick<Contact, 'done'>[]>`
        select done from handoff_contacts where id = ${id} for update`
      if (!before) return null
      const [row] = await inner<Contact[]>`
        update handoff_contacts set done = ${done} where id = ${id} returning ${contactColumns}`
      const entry = { actor, scope: 'handoff', action: 'contact:settle', subject: id }
      await recordAudit(inner, { ...entry, before, after: { done } })
      return row!
    })
  }

  /** `all` are those of every conversation; else of those that were handed over (law O1b). */
  async function feedback(filter: { all: boolean; commented: boolean; page: number; page_size: number }) {
    const rated = sql`(
      select id, conversation_id, 'talk' as kind, rating, rating_comment as comment, agent_id, coalesce(ended_at, created_at) as at
      from handoffs where rating is not null
      union all
      select id, conversation_id, 'answer', feedback, feedback_comment, null, updated_at
      from messages where feedback is not null) f join conversations c on c.id = f.conversation_id`
    const chosen = where(sql, [
      !filter.all && sql`c.epoch > 0`,
      filter.commented && sql`btrim(f.comment) <> ''`,
    ])
    const [items, [count]] = await withDeadline(
      Promise.all([
        sql<Feedback[]>`
          select f.id, f.conversation_id, f.kind, f.rating, f.comment, f.at,
            case when f.agent_id is not null then json_build_object('id', f.agent_id, 'name', p.name) end as agent
          from ${rated} left join people p on p.id = f.agent_id ${chosen}
          order by f.at desc, f.id desc limit ${filter.page_size} offset ${(filter.page - 1) * filter.page_size}`,
        sql<{ total: number }[]>`select count(*) as total from ${rated} ${chosen}`,
      ]),
    )
    return { items: [...items], total: count!.total }
  }

  /** Figures of the last `days` days, today's included, in UTC. */
  async function statistics(days: number): Promise<StoredStatistics> {
    const since = sql`(date_trunc('day', now() at time zone 'utc') - make_interval(days => ${days - 1})) at time zone 'utc'`
    const periodRows = sql`
      select h.*, date_trunc('day', h.created_at at time zone 'utc')::date::text as day,
        extract(epoch from h.accepted_at - h.created_at)::float8 * 1000 as wait_ms,
        extract(epoch from h.ended_at - h.created_at)::float8 * 1000 as resolution_ms,
        (select extract(epoch from min(m.created_at) - h.created_at)::float8 * 1000 from messages m
          where m.conversation_id = h.conversation_id and m.role = 'agent' and m.created_at >= h.created_at
            and (h.ended_at is null or m.created_at <= h.ended_at)) as first_ms
      from handoffs h where h.created_at >= ${since}`
    const [[sums], series, [queue]] = await withDeadline(
      Promise.all([
        sql<Sums[]>`
          with asked as (${periodRows})
          select ${spread('wait_ms', sql`accepted_at is not null`)}, ${spread('first_ms', sql`true`)},
            ${spread('resolution_ms', sql`status = 'resolved'`)},
            count(*) as handed_over,
            count(*) filter (where status = 'timeout') as missed,
            count(*) filter (where status = 'cancelled') as cancelled,
            count(rating) as rated, avg(rating)::float8 as rating,
            (select count(*) from conversations where created_at >= ${since}) as conversations,
            (select count(*) from conversations c where created_at >= ${since} and epoch = 0 and exists (
              select 1 from messages where conversation_id = c.id and role = 'assistant' and status = 'complete')) as by_ai
          from asked`,
        sql<Statistics['days']>`
          with asked as (${periodRows}), made as (
            select date_trunc('day', created_at at time zone 'utc')::date::text as day, count(*) as count
            from conversations where created_at >= ${since} group by 1)
          select d::date::text as date, coalesce((select count from made where day = d::date::text), 0) as conversations,
            count(a.id) as handed_over, count(a.id) filter (where a.status = 'resolved') as resolved,
            count(a.id) filter (where a.status = 'timeout') as missed,
            percentile_cont(0.5) within group (order by a.first_ms) as first_response_ms, avg(a.rating)::float8 as rating
          from generate_series((${since}) at time zone 'utc', now() at time zone 'utc', interval '1 day') d
          left join asked a on a.day = d::date::text group by d order by d`,
        sql<{ longest_wait_ms: number | null }[]>`
          select extract(epoch from now() - min(created_at))::float8 * 1000 as longest_wait_ms
          from handoffs where status = 'pending'`,
      ]),
    )
    const { conversations, by_ai, handed_over, missed, cancelled, rated, rating } = sums!
    return {
      wait: { count: sums!.wait_ms_count, median_ms: sums!.wait_ms_median, p90_ms: sums!.wait_ms_p90 },
      first_response: {
        count: sums!.first_ms_count,
        median_ms: sums!.first_ms_median,
        p90_ms: sums!.first_ms_p90,
      },
      resolution: {
        count: sums!.resolution_ms_count,
        median_ms: sums!.resolution_ms_median,
        p90_ms: sums!.resolution_ms_p90,
      },
      conversations,
      resolved_by_ai: by_ai,
      handed_over,
      missed,
      cancelled,
      rating: { count: rated, average: rating },
      days: [...series],
      longest_wait_ms: queue!.longest_wait_ms,
    }
  }

  /** Count, median and 90th percentile of a column, where there is a value and `counts`. */
  function spread(column: string, counts: ReturnType<typeof sql>) {
    const value = sql(column)
    return sql`
      count(${value}) filter (where ${counts}) as ${sql(`${column}_count`)},
      percentile_cont(0.5) within group (order by ${value}) filter (where ${counts}) as ${sql(`${column}_median`)},
      percentile_cont(0.9) within group (order by ${value}) filter (where ${counts}) as ${sql(`${column}_p90`)}`
  }

  return {
    settings,
    configure,
    teams,
    saveTeam,
    removeTeam,
    leaveContact,
    contacts,
    settleContact,
    feedback,
    statistics,
  }
}

type Spread<K extends string> = { [P in `${K}_count`]: number } & {
  [P in `${K}_median` | `${K}_p90`]: number | null
}
type Sums = Spread<'wait_ms'> &
  Spread<'first_ms'> &
  Spread<'resolution_ms'> & {
    conversations: number
    by_ai: number
    handed_over: number
    missed: number
    cancelled: number
    rated: number
    rating: number | null
  }
