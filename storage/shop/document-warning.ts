import type { Language } from '#protocol'
import type { Database } from '../engine/transaction.ts'
import { type NewMail, queueMail } from '../platform/outbox.ts'

/** A document that answers may be taken from for a few days more. */
export interface EndingDocument {
  id: string
  title: string
  language: Language | null
  valid_until: string
}

export type DocumentWarningStorage = ReturnType<typeof documentWarningStorage>

/** Documents looked at together: so many stand in one mail. */
const maxBatch = 50

/** Who was warned of which document, once for each last day. */
export function documentWarningStorage({ sql, withDeadline, transaction }: Database) {
  return {
    /** Of these documents those that nobody was warned of, the first to end first. */
    async due(ids: string[]): Promise<EndingDocument[]> {
      const rows = await withDeadline(sql<EndingDocument[]>`
        select id, title, language, valid_until::text from documents d
        where id = any(${ids}::uuid[]) and valid_until is not null and not exists (
          select from document_warnings w where w.document_id = d.id and w.valid_until = d.valid_until)
        order by d.valid_until, id limit ${maxBatch}`)
      return [...rows]
    },

    /** @returns whether they were not noted before: then the mails are in the outbox */
    warn(
      documents: EndingDocument[],
      letters: { mail: NewMail; status: 'queued' | 'kept' }[],
    ): Promise<boolean> {
      return transaction(async inner => {
        const noted = await inner`
          insert into document_warnings (document_id, valid_until)
          select d.id, d.valid_until from documents d
            join jsonb_to_recordset(${inner.json(documents as never)}) as x(id uuid, valid_until date)
              on x.id = d.id and x.valid_until = d.valid_until
          on conflict do nothing returning 1`
        if (noted.length === 0) return false
        for (const { mail, status } of letters) await queueMail(inner, mail, status)
        return true
      })
    },
  }
}
