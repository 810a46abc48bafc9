import type { Database, Sql } from '../engine/transaction.ts'

/** A file of an export: its name, and its rows piece by piece. */
export interface ExportFile {
  name: string
  rows: AsyncIterable<object[]>
}

const pieceRows = 500
type Query = (after: string) => PromiseLike<readonly { id: string }[]>
type ToFile = (name: string, query: Query, limit?: number) => ExportFile

/** What is held on a person, to be given to them. */
export function exportStorage({ sql, withDeadline }: Database) {
  /** Rows of a query that is cut by id, in order. */
  async function* pieces(query: Query, limit: number): AsyncGenerator<object[]> {
    let after = '00000000-0000-0000-0000-000000000000'
    for (;;) {
      const rows = await withDeadline(Promise.resolve(query(after)))
      if (rows.length > 0) yield [...rows]
      if (rows.length < limit) return
      after = rows.at(-1)!.id
    }
  }

  const file: ToFile = (name, query, limit = pieceRows) => ({ name, rows: pieces(query, limit) })

  return {
    /**
     * Everything held on a person, by what it is. Secrets (hashes, seeds, tokens) are theirs to use, not to read.
     * @param isOwn what only they may read is among it
     */
    exportOf(id: string, isOwn: boolean): ExportFile[] {
      return [
        ...accountFiles(sql, file, id),
        ...(isOwn ? [memoryFile(sql, file, id)] : []),
        ...conversationFiles(sql, file, id),
        file(
          'log',
          after => sql<{ id: string }[]>`
            select id, at, scope, action, address from audit where actor_id = ${id} and id > ${after}
            order by id limit ${pieceRows}`,
        ),
      ]
    },
  }
}

function accountFiles(sql: Sql, file: ToFile, id: string): ExportFile[] {
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
      'providers',
      after => sql<{ id: string }[]>`
        select id, name, provider_type, api_base_url, config, is_active, created_at, updated_at from providers
        where created_by = ${id} and scope = 'personal' and deleted_at is null and id > ${after}
        order by id limit ${pieceRows}`,
    ),
    file(
      'provider_distributions',
      after => sql<{ id: string }[]>`
        select id, provider_id, distributed_at from provider_distributions
        where user_id = ${id} and id > ${after} order by id limit ${pieceRows}`,
    ),
    file(
      'budgets',
      after => sql<{ id: string }[]>`
        select b.id, b.scope, b.period, b.currency, b.amount, b.at_limit, (
          select coalesce(jsonb_agg(jsonb_build_object('since', s.period, 'spent', s.spent) order by s.period desc), '[]')
          from budget_spending s
          where s.budget_id = b.id and (b.person_id = ${id} or s.person_id = ${id})) as spending
        from budgets b
        where (b.person_id = ${id}
            or b.id in (select budget_id from budget_spending where person_id = ${id}))
          and b.id > ${after}
        order by b.id limit ${pieceRows}`,
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
  ]
}

function memoryFile(sql: Sql, file: ToFile, id: string): ExportFile {
  return file(
    'memories',
    after => sql<{ id: string }[]>`
      select id, content, source, source_conversation_id, source_message_id, use_count, created_at, updated_at, last_used_at,
        (select coalesce(jsonb_agg(v order by valid_until desc), '[]') from (
          select content, source, valid_from, valid_until from memory_versions where memory_id = m.id) v) as history
      from memories m where person_id = ${id} and id > ${after} order by id limit ${pieceRows}`,
  )
}

function conversationFiles(sql: Sql, file: ToFile, id: string): ExportFile[] {
  const mine = sql`select id from conversations where person_id = ${id}`
  return [
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
      'questions',
      after => sql<{ id: string }[]>`
        select message_id as id, m.conversation_id, array_agg(kind order by kind) as signals, max(at) as at
        from question_signals join messages m on m.id = message_id
        where m.conversation_id in (${mine}) and message_id > ${after}
        group by message_id, m.conversation_id order by message_id limit ${pieceRows}`,
    ),
    file(
      'usage',
      after => sql<{ id: string }[]>`
        select message_id as id, conversation_id, at, model, prompt_tokens, cached_tokens, completion_tokens, cost, currency
        from usage where person_id = ${id} and message_id > ${after} order by message_id limit ${pieceRows}`,
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
    file(
      'uploads',
      after => sql<{ id: string }[]>`
        select id, conversation_id, message_id, name, mime, bytes, text, encode(content, 'base64') as content, created_at
        from uploads where (person_id = ${id} or conversation_id in (${mine})) and id > ${after} order by id limit 1`,
      1,
    ),
    file(
      'mail',
      after => sql<{ id: string }[]>`
        select id, recipient, subject, status, created_at from outbox
        where (person_id = ${id} or conversation_id in (${mine})
            or lower(recipient) = (select lower(email) from people where id = ${id}))
          and id > ${after}
        order by id limit ${pieceRows}`,
    ),
  ]
}
