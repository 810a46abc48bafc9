import type { Database, TransactionSql } from '../engine/transaction.ts'
import { type Actor, recordAudit } from './audit.ts'
import { endSessions } from './revocations.ts'

/** Days that each kind of data is kept; null: until somebody removes it. */
export interface Retention {
  conversations: number | null
  mail: number | null
  audit: number | null
}

/** A file of an export: its name, and its rows piece by piece. */
export interface ExportFile {
  name: string
  rows: AsyncIterable<object[]>
}

export type Erased = { outcome: 'erased'; conversationIds: string[] } | { outcome: 'unknown' | 'last' }

export interface HeldPerson {
  id: string
  role: string
  name: string | null
  username: string | null
  email: string | null
  contacts: string[]
  conversations: number
  last_active_at: string
}

export type PrivacyStorage = ReturnType<typeof privacyStorage>

const foundMax = 20
const pieceRows = 500
/** Rows of a kind that retention removes in one transaction: others wait for no longer than that. */
const batchRows = 200
/** Any number, the same for every node: one of them does the removing. */
const retentionLock = 7_230_419

export function privacyStorage(database: Database) {
  const { sql, withDeadline, transaction } = database

  /** Rows of a query that is cut by id, in order. */
  async function* pieces(
    query: (after: string) => PromiseLike<readonly { id: string }[]>,
    limit = pieceRows,
  ): AsyncGenerator<object[]> {
    let after = '00000000-0000-0000-0000-000000000000'
    for (;;) {
      const rows = await withDeadline(Promise.resolve(query(after)))
      if (rows.length > 0) yield [...rows]
      if (rows.length < limit) return
      after = rows.at(-1)!.id
    }
  }

  return {
    /** Everything held on a person, by what it is. Secrets (hashes, seeds, tokens) are theirs to use, not to read. */
    exportOf(id: string): ExportFile[] {
      const mine = sql`select id from conversations where person_id = ${id}`
      const file = (name: string, query: (after: string) => PromiseLike<readonly { id: string }[]>) => ({
        name,
        rows: pieces(query),
      })
      return [
        file(
          'person',
          after => sql<{ id: string }[]>`
            select id, role, username, email, email_verified, name, external_id, active, disabled_reason, created_at,
              updated_at, last_sign_in_at
            from people where id = ${id} and id > ${after}`,
        ),
        file(
          'pictures',
          after => sql<{ id: string }[]>`
            select id, mime, encode(content, 'base64') as content, created_at from pictures
            where person_id = ${id} and id > ${after}`,
        ),
        file(
          'consents',
          () => sql<{ id: string }[]>`
            select person_id as id, version, at from consents where person_id = ${id} limit ${pieceRows - 1}`,
        ),
        file(
          'sessions',
          after => sql<{ id: string }[]>`
            select session_id as id, min(signed_in_at) as signed_in_at, max(created_at) as renewed_at
            from refresh_tokens where person_id = ${id} and session_id > ${after}
            group by session_id order by session_id limit ${pieceRows}`,
        ),
        file(
          'conversations',
          after => sql<{ id: string }[]>`
            select id, title, mode, status, language, context, metadata, created_at, updated_at
            from conversations where person_id = ${id} and id > ${after} order by id limit ${pieceRows}`,
        ),
        file(
          'messages',
          after => sql<{ id: string }[]>`
            select id, conversation_id, seq, role, content, status, author_name, attachments, sources as references,
              feedback, feedback_comment, created_at, updated_at
            from messages where (conversation_id in (${mine}) or author_id = ${id}) and id > ${after}
            order by id limit ${pieceRows}`,
        ),
        file(
          'contacts',
          after => sql<{ id: string }[]>`
            select id, conversation_id, email, phone, message, created_at
            from handoff_contacts where conversation_id in (${mine}) and id > ${after} order by id limit ${pieceRows}`,
        ),
        file(
          'handoffs',
          after => sql<{ id: string }[]>`
            select id, conversation_id, status, reason, rating, rating_comment, created_at, accepted_at, ended_at
            from handoffs where conversation_id in (${mine}) and id > ${after} order by id limit ${pieceRows}`,
        ),
        {
          name: 'uploads',
          rows: pieces(
            after => sql<{ id: string }[]>`
              select id, conversation_id, message_id, name, mime, bytes, text, encode(content, 'base64') as content, created_at
              from uploads where (person_id = ${id} or conversation_id in (${mine})) and id > ${after} order by id limit 1`,
            1,
          ),
        },
        file(
          'mail',
          after => sql<{ id: string }[]>`
            select id, recipient, subject, status, created_at from outbox
            where (person_id = ${id} or conversation_id in (${mine})
                or lower(recipient) = (select lower(email) from people where id = ${id}))
              and id > ${after}
            order by id limit ${pieceRows}`,
        ),
        file(
          'log',
          after => sql<{ id: string }[]>`
            select id, at, scope, action, address from audit where actor_id = ${id} and id > ${after}
            order by id limit ${pieceRows}`,
        ),
      ]
    },

    /** By id, or by a part of what they are known by. */
    async findPeople(search: string): Promise<HeldPerson[]> {
      const pattern = `%${search.trim().replaceAll(/[\\%_]/g, '\\$&')}%`
      return withDeadline(sql<HeldPerson[]>`
        with contacts as (
          select distinct c.person_id, address from handoff_contacts h
            join conversations c on c.id = h.conversation_id,
            unnest(array[h.email, h.phone]) as address
          where address is not null),
        found as (
          select id from people
          where id::text = lower(${search.trim()}) or name ilike ${pattern} or username ilike ${pattern}
            or email ilike ${pattern}
          union select person_id from contacts where address ilike ${pattern})
        select p.id, p.role, p.name, p.username, p.email,
          array(select address from contacts k where k.person_id = p.id order by address) as contacts,
          (select count(*)::int from conversations c where c.person_id = p.id) as conversations,
          greatest(p.updated_at, p.last_sign_in_at,
            (select max(c.updated_at) from conversations c where c.person_id = p.id)) as last_active_at
        from people p join found using (id) order by last_active_at desc limit ${foundMax}`)
    },

    /** Whether anything is held on somebody of this id. */
    async findRole(id: string): Promise<{ role: string } | null> {
      const [row] = await withDeadline(sql<{ role: string }[]>`select role from people where id = ${id}`)
      return row ?? null
    },

    /**
     * Removes everything held on a person. Of staff the account stays without anything that says whose it was: what they
     * wrote belongs to the conversations of others. The audit log keeps ids, which then lead nowhere.
     */
    async erase(id: string, reason: string | null, actor: Actor): Promise<Erased> {
      const result = await transaction(async (inner): Promise<Erased> => {
        await inner`select id from people where role = 'super_admin' order by id for update`
        await inner`delete from consents where person_id = ${id}`
        const [person] = await inner<Known[]>`
          select role, username, email, name from people where id = ${id} for update`
        if (!person) return { outcome: 'unknown' }
        const [other] = await inner`
          select 1 from people where role = 'super_admin' and active and id <> ${id} limit 1`
        if (person.role === 'super_admin' && !other) return { outcome: 'last' }
        const deletedRows = await inner<
          { id: string }[]
        >`delete from conversations where person_id = ${id} returning id`
        await inner`
          delete from outbox where person_id = ${id} or lower(recipient) = lower(${person.email ?? ''})`
        await inner`delete from email_codes where asker_id = ${id}`
        await inner`update code_attempts set asker_id = null where asker_id = ${id}`
        await inner`delete from uploads where person_id = ${id} and message_id is null`
        await endSessions(inner, id)
        if (person.role === 'visitor' || person.role === 'user') await removePerson(inner, id)
        else await anonymise(inner, id, person.name)
        await emptyAudit(inner, id)
        await recordAudit(inner, {
          actor: actor.id === id ? { ...actor, address: null } : actor,
          scope: 'privacy',
          action: 'privacy:erase',
          subject: id,
          before: { role: person.role, conversations: deletedRows.length },
          after: { reason: withoutMatches(reason, [person.name, person.username, person.email]) },
        })
        return { outcome: 'erased', conversationIds: deletedRows.map(row => row.id) }
      }, 30_000)
      if (result.outcome === 'erased') database.erased()
      return result
    },

    async consented(personId: string, version: string): Promise<boolean> {
      const rows = await withDeadline(
        sql`select 1 from consents where person_id = ${personId} and version = ${version}`,
      )
      return rows.length > 0
    },

    async consent(personId: string, version: string): Promise<void> {
      await withDeadline(
        sql`insert into consents ${sql({ person_id: personId, version })} on conflict do nothing`,
      )
    },

    /**
     * Removes what is older than it may be; when another node is at it, nothing.
     * @returns how many rows of each kind
     */
    async retain(days: Retention): Promise<Record<keyof Retention, number>> {
      const removed = { conversations: 0, mail: 0, audit: 0 }
      for (const kind of Object.keys(removed) as (keyof Retention)[]) {
        const limit = days[kind]
        if (limit === null) continue
        for (let count = batchRows; count === batchRows; removed[kind] += count)
          count = await transaction(inner => removeOlder(inner, kind, limit), 30_000)
      }
      if (Object.values(removed).some(count => count > 0)) database.erased()
      return removed
    },
  }
}

interface Known {
  role: string
  username: string | null
  email: string | null
  name: string | null
}

/** Law S5 keeps who did what and when; what the rows say of the person, and from where they came, goes. */
async function emptyAudit(sql: TransactionSql, id: string): Promise<void> {
  await sql`set local parley.erasing = 'on'`
  await sql`
    update audit set before = null, after = null where subject = ${id} and (before is not null or after is not null)`
  await sql`update audit set address = null where actor_id = ${id} and address is not null`
}

function withoutMatches(text: string | null, words: (string | null)[]): string | null {
  const known = words.filter(word => word !== null && word.length > 1) as string[]
  return text && known.reduce((left, word) => left.replaceAll(word, '…'), text)
}

async function removePerson(sql: TransactionSql, id: string): Promise<void> {
  await sql`update conversations set agent_id = null where agent_id = ${id}`
  await sql`update messages set author_name = null where author_id = ${id}`
  await sql`delete from people where id = ${id}`
}

async function anonymise(sql: TransactionSql, id: string, name: string | null): Promise<void> {
  await withoutName(sql, id, name)
  await sql`delete from notifications where person_id = ${id}`
  await sql`delete from team_members where person_id = ${id}`
  await sql`update agents set avatar_url = null where person_id = ${id}`
  await sql`delete from pictures where person_id = ${id}`
  await sql`delete from second_factors where person_id = ${id}`
  await sql`delete from recovery_codes where person_id = ${id}`
  await sql`
    update people set role = 'user', active = false, disabled_reason = 'erased', username = null, email = null, name = null,
      external_id = null, password_hash = null, updated_at = now()
    where id = ${id}`
}

/** What they wrote and did stays in the conversations of others; their name stands there no more, nor in the log of it. */
async function withoutName(sql: TransactionSql, id: string, name: string | null): Promise<void> {
  const [{ ids }] = (await sql`
    select coalesce(array_agg(distinct id::text), '{}') as ids from (
      select conversation_id as id from messages where author_id = ${id}
      union all select conversation_id from handoffs where agent_id = ${id}
      union all select id from conversations where agent_id = ${id}) served`) as unknown as [
    { ids: string[] },
  ]
  const theirs = sql`conversation_id = any(${ids}::uuid[])`
  await sql`update messages set author_name = null where author_id = ${id}`
  await sql`update notes set author_name = null where author_id = ${id}`
  for (const path of [
    ['message', 'author'],
    ['handoff', 'agent'],
    ['conversation', 'agent'],
  ]) {
    const at = sql`${[...path, 'name']}::text[]`
    await sql`
      update events set payload = jsonb_set(payload::jsonb, ${at}, 'null')::json
      where ${theirs} and payload::jsonb #>> ${[...path, 'id']}::text[] = ${id}`
  }
  if (!name) return
  const colleague = sql`(select case language when 'zh' then '客服' else 'A colleague' end from conversations c
    where c.id = conversation_id)`
  await sql`
    update messages set content = replace(content, ${name}, ${colleague})
    where ${theirs} and role = 'system' and position(${name} in content) > 0`
  await sql`
    update events set payload = jsonb_set(payload::jsonb, '{message,content}',
      to_jsonb(replace(payload #>> '{message,content}', ${name}, ${colleague})))::json
    where ${theirs} and payload #>> '{message,role}' = 'system' and position(${name} in payload #>> '{message,content}') > 0`
}

async function removeOlder(sql: TransactionSql, kind: keyof Retention, days: number): Promise<number> {
  const [lock] = await sql<{ taken: boolean }[]>`select pg_try_advisory_xact_lock(${retentionLock}) as taken`
  if (!lock!.taken) return 0
  const old = sql`now() - make_interval(days => ${days})`
  if (kind === 'audit') {
    await sql`set local parley.retention = 'on'`
    const rows = await sql`
      delete from audit where id in (select id from audit where at < ${old} order by at limit ${batchRows}) returning 1`
    return rows.length
  }
  if (kind === 'mail') {
    const rows = await sql`
      delete from outbox where id in (
        select id from outbox where created_at < ${old} and status <> 'queued' limit ${batchRows}) returning 1`
    return rows.length
  }
  const rows = await sql<{ person_id: string }[]>`
    delete from conversations where id in (
      select id from conversations
      where coalesce(last_message_at, created_at) < ${old} and mode = 'ai' and reply_id is null
      order by changed_about limit ${batchRows} for update skip locked)
    returning person_id`
  if (rows.length > 0) {
    await sql`
      delete from people p where role = 'visitor' and id = any(${rows.map(row => row.person_id)}::uuid[])
        and not exists (select 1 from conversations c where c.person_id = p.id)`
    await sql`
      delete from consents where person_id = any(${rows.map(row => row.person_id)}::uuid[])
        and not exists (select 1 from people where id = person_id)`
    await recordAudit(sql, {
      actor: { id: null, role: 'server', address: null, request_id: null },
      scope: 'privacy',
      action: 'privacy:retention',
      after: { conversations: rows.length, days },
    })
  }
  return rows.length
}
