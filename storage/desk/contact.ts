import type { Contact } from '#protocol/desk/service'
import type { Database } from '../engine/transaction.ts'
import { where } from '../engine/where.ts'
import { type Actor, recordAudit } from '../identity/audit.ts'
import { type NewMail, queueMail } from '../platform/outbox.ts'

/** Addresses that visitors leave when nobody is there. */
export function contactStorage({ sql, withDeadline, transaction }: Database) {
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
      await recordAudit(inner, {
        actor,
        scope: 'handoff',
        action: 'contact:settle',
        subject: id,
        before,
        after: { done },
      })
      return row!
    })
  }

  return { leaveContact, contacts, settleContact }
}
