import type { Database, TransactionSql } from '../engine/transaction.ts'
import { type Actor, recordAudit } from './audit.ts'
import { endSessions } from './revocations.ts'

export type Erased = { outcome: 'erased'; conversationIds: string[] } | { outcome: 'unknown' | 'last' }

/** A person as they are removed, or made unknown where others still need what they wrote. */
export function erasureStorage(database: Database) {
  return {
    /**
     * Removes everything held on a person. Of staff the account stays without anything that says whose it was: what they
     * wrote belongs to the conversations of others. The audit log keeps ids, which then lead nowhere.
     */
    async erase(id: string, reason: string | null, actor: Actor): Promise<Erased> {
      const result = await database.transaction(async (inner): Promise<Erased> => {
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
        await inner`delete from speech_sounds where person_id = ${id}`
        await inner`delete from providers where created_by = ${id} and scope = 'personal'`
        await inner`delete from memory_settings where person_id = ${id}`
        await inner`update usage set message_id = null, person_id = null where person_id = ${id}`
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
  await sql`delete from provider_distributions where user_id = ${id}`
  await sql`delete from budgets where person_id = ${id}`
  await sql`delete from budget_spending where person_id = ${id}`
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
