import type { Database, TransactionSql } from '../engine/transaction.ts'
import { unnestRows } from '../engine/unnest.ts'

export interface SearchedMessage {
  id: string
  conversation_id: string
  content: string
}

export interface MessageTerms {
  message_id: string
  conversation_id: string
  terms: number[]
}

const backfillBatch = 500
const backfillMs = 20_000

const termRows = unnestRows({ message_id: 'uuid', conversation_id: 'uuid', terms: 'json' })

/** By which words messages are found: written behind what is said, never on its way. */
export function messageTermsStorage({ transaction }: Database) {
  async function addTerms(inner: TransactionSql, messages: MessageTerms[]): Promise<void> {
    await inner`
      insert into message_terms (message_id, conversation_id, terms)
      select x.message_id, x.conversation_id, array(select json_array_elements_text(x.terms)::int)
      from ${termRows.of(inner, messages)} where exists (select 1 from messages m where m.id = x.message_id)
      on conflict (message_id) do update set terms = excluded.terms`
  }

  /** The next ones that were said before there was a search. One node at a time. @returns whether there may be more */
  async function backfill(
    readTerms: (messages: SearchedMessage[]) => Promise<MessageTerms[]>,
  ): Promise<boolean> {
    return transaction(async inner => {
      const [place] = await inner<{ before: string }[]>`
        select before from message_terms_backfill for update skip locked`
      if (!place) return false
      const rows = await inner<SearchedMessage[]>`
        select id, conversation_id, content from messages
        where id < ${place.before} and role <> 'system' and status <> 'streaming'
        order by id desc limit ${backfillBatch}`
      if (rows.length === 0) {
        await inner`delete from message_terms_backfill`
        return false
      }
      await addTerms(inner, await readTerms(rows))
      await inner`update message_terms_backfill set before = ${rows.at(-1)!.id}`
      return true
    }, backfillMs)
  }

  return { addTerms, backfill }
}
