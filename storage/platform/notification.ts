import type { Notification } from '#protocol/platform/notification'
import type { Database } from '../engine/transaction.ts'
import { where } from '../engine/where.ts'

export type NotificationStorage = ReturnType<typeof notificationStorage>

type Row = Omit<Notification, 'author'> & { author_id: string | null; author_name: string | null }

export function notificationStorage({ sql, withDeadline }: Database) {
  async function unread(personId: string): Promise<number> {
    const [row] = await withDeadline(sql<{ count: number }[]>`
      select count(*) as count from notifications where person_id = ${personId} and read_at is null`)
    return row!.count
  }

  return {
    unread,

    /** Newest first. */
    async list(
      personId: string,
      filter: { unread?: boolean; page: number; page_size: number },
    ): Promise<{ items: Notification[]; total: number }> {
      const chosen = where(sql, [sql`n.person_id = ${personId}`, filter.unread && sql`n.read_at is null`])
      const [rows, [count]] = await withDeadline(
        Promise.all([
          sql<Row[]>`
            select n.id, n.kind, n.conversation_id, notes.author_id, notes.author_name, notes.content as text, n.created_at, n.read_at
            from notifications n left join notes on notes.id = n.note_id ${chosen} order by n.id desc
            limit ${filter.page_size} offset ${(filter.page - 1) * filter.page_size}`,
          sql<{ total: number }[]>`select count(*) as total from notifications n ${chosen}`,
        ]),
      )
      return { items: rows.map(toNotification), total: count!.total }
    },

    /** These of the person's, or all. */
    async read(personId: string, ids: string[] | undefined): Promise<void> {
      await withDeadline(sql`
        update notifications set read_at = now()
        ${where(sql, [sql`person_id = ${personId} and read_at is null`, ids && sql`id = any(${ids}::uuid[])`])}`)
    },
  }
}

function toNotification({ author_id, author_name, ...row }: Row): Notification {
  return { ...row, author: author_id === null ? null : { id: author_id, name: author_name } }
}
