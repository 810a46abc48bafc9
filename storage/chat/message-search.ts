import type { Database, Sql } from '../engine/transaction.ts'
import { type Condition, containing, where } from '../engine/where.ts'
import { type MessageRow, type StoredMessage, toMessage } from './message.ts'
import { messageTermsStorage } from './message-terms.ts'
import { inScope, type Scope } from './scope.ts'

export interface SearchQuery {
  terms: number[]
  /** As it was typed: what has it word for word comes first. */
  phrase: string
  scope: Scope | null
  /** Only this person's own; null: everybody's, within the scope. */
  ownerId: string | null
  /** Of whom an agent had. */
  agentId: string | null
  /** Of visitors whose name begins so. */
  person: string | null
  tag: string | null
  mode: string | null
  status: string | null
  /** Messages with ids from here on, and below: ids begin with the time. */
  fromId: string
  beforeId: string
}

/** Matches that are ranked among themselves. */
const windowMax = 200
/** Newest messages by which is judged how common the words are: from so many matches on, the index of words would read too much. */
const sampleMax = 5000
const commonMin = 50
/** So many messages are read through for common words; what is older is for the next page. */
const walkMax = 40_000
/** Newest conversations that are looked through where somebody sees few. */
const conversationsMax = 1000
const peopleMax = 100

export type MessageSearchStorage = ReturnType<typeof messageSearchStorage>

/** Messages by their words, whatever is stored: each way of looking reads a bounded part of an index. */
export function messageSearchStorage(database: Database) {
  const { sql, withDeadline } = database

  /** The newest window of matches: those that have the phrase first, then the newest; and before which id the next one is, if any. */
  async function search(query: SearchQuery): Promise<{ messages: StoredMessage[]; before: string | null }> {
    const { ids, before } = await findMatches(query)
    if (ids.length === 0) return { messages: [], before }
    const rows = await withDeadline(sql<MessageRow[]>`
      select * from messages where id = any(${ids}::uuid[])
      order by (position(lower(${query.phrase}) in lower(content)) > 0) desc, id desc`)
    return { messages: rows.map(toMessage), before }
  }

  async function findMatches(query: SearchQuery): Promise<{ ids: string[]; before: string | null }> {
    const { scope, ownerId, agentId, person, tag } = query
    const isNarrow = ownerId !== null || agentId !== null || person !== null || tag !== null
    if (isNarrow || scope?.visibility === 'own' || scope?.visibility === 'team')
      return windowOf(await idsOf(ofConversations(query)))
    if (!(await isCommon(query.terms))) return windowOf(await idsOf(byTerms(query)))
    const ids = await idsOf(walk(query, sampleMax))
    if (ids.length === windowMax) return windowOf(ids)
    const [further, walkedTo] = await Promise.all([idsOf(walk(query, walkMax)), endOfWalk(query)])
    return further.length === windowMax ? windowOf(further) : { ids: further, before: walkedTo }
  }

  async function isCommon(terms: number[]): Promise<boolean> {
    const [row] = await withDeadline(sql<{ count: number }[]>`
      select count(*) as count from (
        select terms from message_terms order by message_id desc limit ${sampleMax}) r
      where terms @> ${terms}::int[]`)
    return row!.count >= commonMin
  }

  /** The last message that a walk reads; null where it reads all there are. */
  async function endOfWalk({ fromId, beforeId }: SearchQuery): Promise<string | null> {
    const [row] = await withDeadline(sql<{ message_id: string }[]>`
      select message_id from message_terms where message_id >= ${fromId} and message_id < ${beforeId}
      order by message_id desc offset ${walkMax - 1} limit 1`)
    return row?.message_id ?? null
  }

  async function idsOf(statement: ReturnType<typeof byTerms>): Promise<string[]> {
    return (await withDeadline(statement)).map(({ message_id }) => message_id)
  }

  /** Through the newest messages, whatever is in them. */
  function walk(query: SearchQuery, limit: number) {
    return sql<{ message_id: string }[]>`
      select r.message_id from (
        select * from message_terms where message_id >= ${query.fromId} and message_id < ${query.beforeId}
        order by message_id desc limit ${limit}) r join conversations c on c.id = r.conversation_id
      ${where(sql, [sql`r.terms @> ${query.terms}::int[]`, ...conditionsOf(sql, query)])}
      order by r.message_id desc limit ${windowMax}`
  }

  function byTerms(query: SearchQuery) {
    return sql<{ message_id: string }[]>`
      with found as materialized (
        select message_id, conversation_id from message_terms where terms @> ${query.terms}::int[]),
      bounded as materialized (
        select * from found where message_id >= ${query.fromId} and message_id < ${query.beforeId})
      select b.message_id from bounded b join conversations c on c.id = b.conversation_id
      ${where(sql, conditionsOf(sql, query))}
      order by b.message_id desc limit ${windowMax}`
  }

  function ofConversations(query: SearchQuery) {
    return sql<{ message_id: string }[]>`
      select t.message_id from (
        select c.id from conversations c ${where(sql, conditionsOf(sql, query))}
        order by c.id desc limit ${conversationsMax}) c
      cross join lateral (
        select message_id, terms from message_terms where conversation_id = c.id offset 0) t
      where t.terms @> ${query.terms}::int[] and t.message_id >= ${query.fromId} and t.message_id < ${query.beforeId}
      order by t.message_id desc limit ${windowMax}`
  }

  /** The newest conversations of people whose name begins so. */
  async function ofPeople(name: string, scope: Scope | null, limit: number): Promise<string[]> {
    const rows = await withDeadline(sql<{ id: string }[]>`
      select c.id from (
        ${peopleNamed(sql, name)}) p
      join conversations c on c.person_id = p.id ${where(sql, [inScope(sql, scope, 'c')])}
      order by c.id desc limit ${limit}`)
    return rows.map(({ id }) => id)
  }

  /** A person's own with that in their title, the newest first. */
  async function ofTitles(ownerId: string, text: string, limit: number): Promise<string[]> {
    const rows = await withDeadline(sql<{ id: string }[]>`
      select id from conversations where person_id = ${ownerId} and title ilike ${containing(text)}
      order by updated_at desc, id desc limit ${limit}`)
    return rows.map(({ id }) => id)
  }

  return { ...messageTermsStorage(database), search, ofPeople, ofTitles }
}

/** Newest first: a full window has another one before it. */
function windowOf(ids: string[]) {
  return { ids, before: ids.length === windowMax ? ids.at(-1)! : null }
}

/** Of the conversation `c` of a match. */
function conditionsOf(
  sql: Sql,
  { scope, ownerId, agentId, person, tag, mode, status }: SearchQuery,
): (Condition | null | false)[] {
  return [
    inScope(sql, scope, 'c'),
    ownerId !== null && sql`c.person_id = ${ownerId}`,
    agentId !== null && sql`(c.agent_id = ${agentId} or c.served_by = ${agentId})`,
    person !== null && sql`c.person_id in (${peopleNamed(sql, person)})`,
    tag !== null &&
      sql`c.id in (select conversation_id from handoffs where tags @> ${sql.json([tag])}::jsonb)`,
    mode !== null && sql`c.mode = ${mode}`,
    status !== null && sql`c.status = ${status}`,
  ]
}

/** People whose name begins so. */
function peopleNamed(sql: Sql, name: string) {
  const pattern = `${name.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`
  return sql`select id from people where name is not null and lower(name) like ${pattern} limit ${peopleMax}`
}
