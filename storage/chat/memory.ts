import type { Memory, MemoryDetails, MemorySettings } from '#protocol/chat/memory'
import { memoriesMax } from '#protocol/core/limits'
import type { AnySql, Database, TransactionSql } from '../engine/transaction.ts'
import { unnestRows } from '../engine/unnest.ts'
import { where } from '../engine/where.ts'
import { type Actor, recordAudit } from '../identity/audit.ts'
import { createSearch } from './memory-search.ts'

/** What is to be remembered, and by which words it is found. */
export interface NewMemory {
  id: string
  personId: string
  subject: string
  content: string
  source: Memory['source']
  conversationId: string | null
  messageId: string | null
  terms: number[]
  /** When it was said, where that is not now. */
  saidAt: string | null
  /** Of the call that asked for it. */
  key: string | null
}

/** Memory is off; there is no room; the key was used for something else. */
export type Saved =
  | { outcome: 'saved'; memory: Memory }
  | { outcome: 'off' }
  | { outcome: 'full' }
  | { outcome: 'key_used' }

export interface MemoryMatch {
  id: string
  subject: string
  content: string
}

/** A message that is still to be read for memories. */
export interface ReadableMessage {
  id: string
  conversation_id: string
  person_id: string
  content: string
  said_at: string
  /** Of the model that its writer chose. */
  choice: { provider_id?: string | null; model?: string | null }
}

/** An answer that was given a memory. */
export interface MemoryUse {
  memory_id: string
  message_id: string
  conversation_id: string
  used_at: string
}

export type MemoryStorage = ReturnType<typeof memoryStorage>

const recordsMax = 100
const byHand = { source: 'manual', conversationId: null, messageId: null, saidAt: null } as const

export function memoryStorage(database: Database) {
  return {
    ...memoryReads(database),
    ...memoryChanges(database),
    ...memoryReadings(database),
    search: createSearch(database),
    enqueue,
    recordUses,
  }
}

function memoryReads({ sql, withDeadline }: Database) {
  const columns = columnsOf(sql)

  return {
    /** As the person set it; null where they never did. */
    async settings(personId: string): Promise<MemorySettings | null> {
      const [row] = await withDeadline(sql<MemorySettings[]>`
        select enabled, top_k as memory_top_k from memory_settings where person_id = ${personId}`)
      return row ?? null
    },

    /** The role of somebody who is signed in; null for others, who have no memory. */
    async signedInRole(personId: string): Promise<string | null> {
      const [row] = await withDeadline(sql<{ role: string }[]>`
        select role from people where id = ${personId} and role <> 'visitor' and active`)
      return row?.role ?? null
    },

    /** The newest first. */
    async list(query: { personId: string; source?: string; page: number; page_size: number }) {
      const { personId, source, page, page_size } = query
      const chosen = where(sql, [sql`person_id = ${personId}`, source && sql`source = ${source}`])
      const [items, [count]] = await withDeadline(
        Promise.all([
          sql<Memory[]>`
            select ${columns} from memories ${chosen}
            order by updated_at desc, id limit ${page_size} offset ${(page - 1) * page_size}`,
          sql<{ total: number }[]>`select count(*) as total from memories ${chosen}`,
        ]),
      )
      return { items: [...items], total: count!.total }
    },

    async find(personId: string, id: string): Promise<MemoryDetails | null> {
      const own = sql`select id from memories where id = ${id} and person_id = ${personId}`
      const [[memory], usage_records, history] = await withDeadline(
        Promise.all([
          sql<Memory[]>`select ${columns} from memories where id in (${own})`,
          sql<MemoryDetails['usage_records']>`
            select u.conversation_id, c.title as conversation_title, u.message_id, u.used_at
            from memory_uses u join conversations c on c.id = u.conversation_id
            where memory_id in (${own}) order by used_at desc limit ${recordsMax}`,
          sql<MemoryDetails['history']>`
            select content, source, valid_from, valid_until from memory_versions
            where memory_id in (${own}) order by valid_until desc limit ${recordsMax}`,
        ]),
      )
      return memory ? { ...memory, usage_records: [...usage_records], history: [...history] } : null
    },

    /** Those that are about this, or are found by all of these words. */
    async matching(personId: string, subject: string, terms: number[]): Promise<MemoryMatch[]> {
      return withDeadline(sql<MemoryMatch[]>`
        select id, subject, content from memories where person_id = ${personId} and (subject = ${subject} or id in (
          select memory_id from memory_terms where person_id = ${personId} and term = any(${terms}::int[])
          group by memory_id having count(*) = ${terms.length}))
        order by id`)
    },
  }
}

function memoryChanges(database: Database) {
  const { transaction, erased } = database

  return {
    async configure(
      personId: string,
      changes: Partial<MemorySettings>,
      actor: Actor,
    ): Promise<MemorySettings> {
      const { enabled = null, memory_top_k = null } = changes
      return transaction(async sql => {
        const [before] = await sql<MemorySettings[]>`
          select enabled, top_k as memory_top_k from memory_settings where person_id = ${personId} for update`
        const [after] = await sql<MemorySettings[]>`
          insert into memory_settings as s (person_id, enabled, top_k)
          values (${personId}, coalesce(${enabled}::boolean, false), coalesce(${memory_top_k}::int, 5))
          on conflict (person_id) do update set enabled = coalesce(${enabled}::boolean, s.enabled),
            top_k = coalesce(${memory_top_k}::int, s.top_k), updated_at = now(),
            read_from = case when not s.enabled and ${enabled}::boolean then now() else s.read_from end
          returning enabled, top_k as memory_top_k`
        await recordAudit(sql, {
          actor,
          scope: 'memory',
          action: 'memory:configure',
          subject: personId,
          before: before ?? null,
          after,
        })
        return after!
      })
    },

    /** Remembers it. Of the same subject there is one: what it said before becomes its history, in the same transaction. */
    save: (memory: NewMemory, actor: Actor | null): Promise<Saved> =>
      transaction(sql => saveMemory(sql, memory, actor)),

    /** Puts it right: from then on the words are the person's own. */
    update(
      {
        id,
        personId,
        subject,
        content,
        terms,
      }: Pick<NewMemory, 'id' | 'personId' | 'subject' | 'content' | 'terms'>,
      actor: Actor,
    ): Promise<{ outcome: 'saved'; memory: Memory } | { outcome: 'not_found' } | { outcome: 'taken' }> {
      return transaction(async sql => {
        const [known] = await sql<{ id: string; content: string }[]>`
          select id, content from memories where id = ${id} and person_id = ${personId} for update`
        if (!known) return { outcome: 'not_found' }
        const [other] = await sql`
          select 1 from memories where person_id = ${personId} and subject = ${subject} and id <> ${id}`
        if (other) return { outcome: 'taken' }
        const words = { subject, content, terms, ...byHand }
        const memory = await rewrite(sql, id, personId, words)
        await recordAudit(sql, { actor, scope: 'memory', action: 'memory:update', subject: id })
        return { outcome: 'saved', memory }
      })
    },

    /** Leaves nothing of them: not their words, their history, or where they were used. @returns how many there were */
    async remove(personId: string, ids: string[] | 'all', actor: Actor | null): Promise<number> {
      const removed = await transaction(async sql => {
        const chosen = where(sql, [
          sql`person_id = ${personId}`,
          ids !== 'all' && sql`id = any(${ids}::uuid[])`,
        ])
        const rows = await sql<{ id: string }[]>`select id from memories ${chosen} for update`
        const found = rows.map(({ id }) => id)
        await sql`update memory_settings set read_from = now() where person_id = ${personId}`
        if (found.length === 0) return 0
        const uses = await sql<{ message_id: string }[]>`
          select distinct message_id from memory_uses where memory_id = any(${found}::uuid[])`
        await forgetUses(
          sql,
          found,
          uses.map(({ message_id }) => message_id),
        )
        await sql`delete from memories where id = any(${found}::uuid[])`
        if (actor)
          await recordAudit(sql, {
            actor,
            scope: 'memory',
            action: ids === 'all' ? 'memory:clear' : 'memory:delete',
            subject: ids === 'all' ? personId : found[0],
            after: { deleted: found.length },
          })
        return found.length
      }, 30_000)
      if (removed > 0) erased()
      return removed
    },
  }
}

function columnsOf(sql: AnySql) {
  return sql`id, content, source, source_conversation_id, source_message_id, use_count, created_at, updated_at, last_used_at`
}

async function saveMemory(sql: TransactionSql, memory: NewMemory, actor: Actor | null): Promise<Saved> {
  const { personId, subject, content, key } = memory
  const [settings] = await sql<{ enabled: boolean }[]>`
    select enabled from memory_settings where person_id = ${personId} for update`
  if (!settings?.enabled) return { outcome: 'off' }
  const [repeat] = key
    ? await sql<(Memory & { isSame: boolean })[]>`
        select ${columnsOf(sql)}, fingerprint = md5(${content}) as "isSame" from memories
        where person_id = ${personId} and key = ${key}`
    : []
  if (repeat) {
    const { isSame, ...first } = repeat
    return isSame ? { outcome: 'saved', memory: first } : { outcome: 'key_used' }
  }
  const [known] = await sql<{ id: string; content: string }[]>`
    select id, content from memories where person_id = ${personId} and subject = ${subject}`
  if (known) {
    const saved =
      known.content === content
        ? await readMemory(sql, known.id)
        : await rewrite(sql, known.id, personId, memory)
    return { outcome: 'saved', memory: saved }
  }
  const [last] =
    await sql`select 1 from memories where person_id = ${personId} offset ${memoriesMax - 1} limit 1`
  if (last) return { outcome: 'full' }
  const [added] = await sql<Memory[]>`
    insert into memories (id, person_id, subject, content, source, source_conversation_id, source_message_id, key,
      fingerprint, updated_at)
    values (${memory.id}, ${personId}, ${subject}, ${content}, ${memory.source}, ${memory.conversationId},
      ${memory.messageId}, ${key}, case when ${key}::text is not null then md5(${content}) end,
      coalesce(${memory.saidAt}::timestamptz, now()))
    returning ${columnsOf(sql)}`
  await indexTerms(sql, added!.id, personId, memory.terms)
  if (actor) await recordAudit(sql, { actor, scope: 'memory', action: 'memory:add', subject: added!.id })
  return { outcome: 'saved', memory: added! }
}

async function readMemory(sql: TransactionSql, id: string): Promise<Memory> {
  const [memory] = await sql<Memory[]>`select ${columnsOf(sql)} from memories where id = ${id}`
  return memory!
}

type Words = Pick<NewMemory, 'subject' | 'content' | 'terms' | 'source' | 'conversationId' | 'messageId'>

/** Other words take the place of those it had, which become its history. */
async function rewrite(sql: TransactionSql, id: string, personId: string, words: Words): Promise<Memory> {
  await sql`
    insert into memory_versions (memory_id, content, source, source_conversation_id, source_message_id, valid_from, valid_until)
    select id, content, source, source_conversation_id, source_message_id, updated_at, now() from memories
    where id = ${id} and content <> ${words.content}`
  const [memory] = await sql<Memory[]>`
    update memories set subject = ${words.subject}, content = ${words.content}, source = ${words.source},
      source_conversation_id = ${words.conversationId}, source_message_id = ${words.messageId}, updated_at = now()
    where id = ${id} returning ${columnsOf(sql)}`
  await sql`delete from memory_terms where memory_id = ${id}`
  await indexTerms(sql, id, personId, words.terms)
  return memory!
}

async function indexTerms(sql: TransactionSql, id: string, personId: string, terms: number[]): Promise<void> {
  await sql`
    insert into memory_terms (person_id, term, memory_id)
    select ${personId}, term, ${id} from unnest(${terms}::int[]) as term on conflict do nothing`
}

/** The answers that were given them name them no more, nor does the log of their conversations. */
export async function forgetUses(sql: TransactionSql, ids: string[], messages: string[]): Promise<void> {
  const used = sql`select unnest(${messages}::uuid[])`
  await sql`
    update messages set memories_used = coalesce((
      select jsonb_agg(used.id) from jsonb_array_elements_text(memories_used) as used(id)
      where used.id <> all(${ids}::text[])), '[]')
    where id in (${used})`
  await sql`
    update events e set payload = jsonb_set(e.payload::jsonb, '{message,memories_used}', m.memories_used)::json
    from messages m
    where m.id in (${used}) and e.conversation_id = m.conversation_id and e.payload #>> '{message,id}' = m.id::text`
}

/** A claim of a node that died holds no longer than that. */
const claimS = 600
const claimMax = 10

function memoryReadings({ sql, withDeadline, transaction }: Database) {
  return {
    /** The next that are answered, the oldest first. */
    async claimReadings(): Promise<ReadableMessage[]> {
      const rows = await withDeadline(sql<ReadableMessage[]>`
        with next as (
          select message_id from memory_readings r join conversations c on c.id = r.conversation_id
          where reply_id is null and (claimed_at is null or claimed_at < now() - make_interval(secs => ${claimS}))
          order by queued_at, message_id limit ${claimMax} for update of r skip locked),
        claimed as (
          update memory_readings set claimed_at = now() where message_id in (select message_id from next)
          returning message_id, person_id)
        select m.id, m.conversation_id, claimed.person_id, m.content, m.created_at as said_at,
          jsonb_build_object('provider_id', coalesce(m.asked ->> 'provider_id', c.provider_id),
            'model', case when m.asked ? 'provider_id' then m.asked ->> 'model' else c.model end) as choice
        from claimed join messages m on m.id = message_id join conversations c on c.id = m.conversation_id
        order by m.created_at, m.id`)
      return [...rows]
    },

    /** What a message said is remembered, unless the person changed their mind since; it is not read again. */
    async finishReading(
      messageId: string,
      personId: string,
      saidAt: string,
      memories: NewMemory[],
    ): Promise<void> {
      await transaction(async sql => {
        const [settings] = await sql`
          select 1 from memory_settings where person_id = ${personId} and enabled and read_from < ${saidAt} for update`
        const [reading] = await sql`delete from memory_readings where message_id = ${messageId} returning 1`
        if (!settings || !reading) return
        for (const memory of memories) {
          const [newer] = await sql`
            select 1 from memories
            where person_id = ${personId} and subject = ${memory.subject} and updated_at > ${saidAt}`
          if (!newer) await saveMemory(sql, memory, null)
        }
      })
    },
  }
}

/** Of those who let things be remembered, what they said to the assistant. */
async function enqueue(sql: TransactionSql, messageIds: string[]): Promise<void> {
  await sql`
    insert into memory_readings (message_id, conversation_id, person_id)
    select m.id, c.id, c.person_id from messages m join conversations c on c.id = m.conversation_id
    join memory_settings s on s.person_id = c.person_id and s.enabled and s.read_from < m.created_at
    where m.id = any(${messageIds}::uuid[]) and c.mode = 'ai' on conflict do nothing`
}

const useRows = unnestRows({
  memory_id: 'uuid',
  message_id: 'uuid',
  conversation_id: 'uuid',
  used_at: 'timestamptz',
})

/** Each once, however often it is told. An answer that was given what was deleted meanwhile names it no more. */
async function recordUses(sql: TransactionSql, uses: MemoryUse[]): Promise<void> {
  await sql`
    with added as (
      insert into memory_uses (memory_id, message_id, conversation_id, used_at)
      select m.id, x.message_id, x.conversation_id, x.used_at from ${useRows.of(sql, uses)}
      join memories m on m.id = x.memory_id join conversations c on c.id = x.conversation_id
      on conflict do nothing returning memory_id, used_at)
    update memories m set use_count = use_count + uses, last_used_at = greatest(m.last_used_at, latest)
    from (select memory_id, count(*) as uses, max(used_at) as latest from added group by memory_id) u
    where m.id = u.memory_id`
  const ids = [...new Set(uses.map(({ memory_id }) => memory_id))]
  const there = await sql<{ id: string }[]>`select id from memories where id = any(${ids}::uuid[])`
  const gone = ids.filter(id => !there.some(row => row.id === id))
  if (gone.length === 0) return
  const messages = uses
    .filter(({ memory_id }) => gone.includes(memory_id))
    .map(({ message_id }) => message_id)
  await forgetUses(sql, gone, messages)
}
