import type { Language, PageContext } from '#protocol'
import type { AnySql, Database } from '../engine/transaction.ts'
import type { ConversationRow } from './conversation.ts'

/** Who makes something: a visitor's row is made with their first. */
export interface Creator {
  personId: string
  role: string
  name: string | null
}

export interface NewConversation extends Creator {
  id: string
  key: string | null
  fingerprint: string | null
  language: Language
  context: PageContext
  /** Its first question gives it a title. */
  autoTitle?: boolean
}

/** Conversations as they are opened: a new one, or the newest that is still open. */
export function conversationOpener({ sql, withDeadline, transaction }: Database) {
  /**
   * Makes a conversation, and its person's row where this is their first.
   * With a key used before, the conversation made then and its fingerprint.
   */
  function create(input: NewConversation): Promise<{ head: ConversationRow; fingerprint: string | null }> {
    return transaction(async inner => {
      await lockPerson(inner, input)
      const [known] = input.key
        ? await inner<(ConversationRow & { fingerprint: string })[]>`
            select * from conversations where person_id = ${input.personId} and key = ${input.key}`
        : []
      if (known) return { head: known, fingerprint: known.fingerprint }
      const [head] = await inner<ConversationRow[]>`${insertConversation(inner, input)} returning *`
      return { head: head!, fingerprint: input.fingerprint }
    })
  }

  /** The person's newest open conversation, made when there is none. Two tabs at once get the same one. */
  async function openNewest(input: NewConversation): Promise<ConversationRow> {
    const [head] = await withDeadline(sql<ConversationRow[]>`
      with newest as (${newestOpen(sql, input.personId)}),
      -- Whose row this statement makes has no conversation yet, and nobody else can be making one.
      person as (
        insert into people (id, role, name) select ${input.personId}, ${input.role}, ${input.name}
        where not exists (select from newest) on conflict (id) do nothing returning id),
      made as (${insertConversation(sql, input)} where exists (select from person) returning *)
      select * from newest union all select * from made`)
    return head ?? openNewestLocked(input)
  }

  /** For somebody who is known and has none, or was made by another tab just now. */
  function openNewestLocked(input: NewConversation): Promise<ConversationRow> {
    return transaction(async inner => {
      await lockPerson(inner, input)
      const [newest] = await inner<ConversationRow[]>`${newestOpen(inner, input.personId)}`
      if (newest) return newest
      const [made] = await inner<ConversationRow[]>`${insertConversation(inner, input)} returning *`
      return made!
    })
  }

  return { create, openNewest }
}

/** Makes the person's row where there is none, and locks it. */
export async function lockPerson(sql: AnySql, { personId, role, name }: Creator): Promise<void> {
  await sql`
    insert into people (id, role, name) values (${personId}, ${role}, ${name})
    on conflict (id) do update set updated_at = people.updated_at`
}

function newestOpen(sql: AnySql, personId: string) {
  return sql`
    select * from conversations where person_id = ${personId} and status = 'open'
    order by coalesce(last_message_at, created_at) desc, id desc limit 1`
}

function insertConversation(sql: AnySql, input: NewConversation) {
  return sql`
    insert into conversations (id, person_id, key, fingerprint, language, context, auto_title)
    select ${input.id}::uuid, ${input.personId}::uuid, ${input.key}, ${input.fingerprint}, ${input.language}, ${sql.json(input.context)}::jsonb,
      ${input.autoTitle ?? false}::boolean`
}
