import type { Database } from '../engine/transaction.ts'
import { type NewMail, queueMail } from '../platform/outbox.ts'

/** Mails in an hour: to one address, and of one person. Whoever reads them did not ask for all of them. */
const hourly = { address: 3, person: 5 }

export type TranscriptStorage = ReturnType<typeof transcriptStorage>

export function transcriptStorage({ transaction }: Database) {
  return {
    /** False where the address or the person had too many within the hour. */
    send(
      conversation: { id: string; person_id: string },
      { mail, status }: { mail: NewMail; status: 'queued' | 'kept' },
    ): Promise<boolean> {
      return transaction(async sql => {
        // One at a time for each person: two at once would both count what is there.
        await sql`select 1 from people where id = ${conversation.person_id} for update`
        const [{ address, person }] = (await sql`
          select
            count(*) filter (where lower(o.recipient) = lower(${mail.recipient}))::int as address,
            count(*) filter (where c.person_id = ${conversation.person_id})::int as person
          from outbox o join conversations c on c.id = o.conversation_id
          where o.created_at > now() - interval '1 hour'`) as unknown as [typeof hourly]
        if (address >= hourly.address || person >= hourly.person) return false
        await queueMail(sql, { ...mail, conversation_id: conversation.id }, status)
        return true
      })
    },
  }
}
