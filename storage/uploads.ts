import { lockPerson, type Maker } from './conversation.ts'
import type { AnySql, Database } from './transaction.ts'

/** An upload without its bytes. */
export interface StoredUpload {
  id: string
  person_id: string
  /** Null until it is attached. */
  conversation_id: string | null
  message_id: string | null
  name: string
  mime: string
  bytes: number
  /** Whether there is text to ask about. */
  extracted: boolean
  created_at: string
}

export interface NewUpload {
  id: string
  name: string
  mime: string
  text: string | null
  content: Uint8Array
}

export interface UploadText {
  id: string
  name: string
  text: string
  created_at: string
}

/** Bytes that one person may have lying here without a message. */
const unattachedMax = 50_000_000
const unattachedDays = 1
const batchRows = 200

export type UploadStorage = ReturnType<typeof uploadStorage>

export function uploadStorage({ sql, within, transaction, erased }: Database) {
  return {
    /** False where the person has too much lying here already. */
    add(person: Maker, upload: NewUpload): Promise<boolean> {
      const bytes = upload.content.byteLength
      return transaction(async inner => {
        await lockPerson(inner, person)
        const [{ lying }] = (await inner`
          select coalesce(sum(bytes), 0)::int as lying from uploads
          where person_id = ${person.personId} and message_id is null`) as unknown as [{ lying: number }]
        if (lying + bytes > unattachedMax) return false
        await inner`
          insert into uploads (id, person_id, name, mime, bytes, text, content)
          values (${upload.id}, ${person.personId}, ${upload.name}, ${upload.mime}, ${bytes}, ${upload.text},
            ${Buffer.from(upload.content)})`
        return true
      }, 30_000)
    },

    async find(id: string): Promise<StoredUpload | null> {
      const [row] = await within(sql<StoredUpload[]>`select ${columns(sql)} from uploads where id = ${id}`)
      return row ?? null
    },

    async content(id: string): Promise<Uint8Array | null> {
      const [row] = await within(
        sql<{ content: Uint8Array }[]>`select content from uploads where id = ${id}`,
        30_000,
      )
      return row?.content ?? null
    },

    async texts(ids: string[]): Promise<UploadText[]> {
      return within(sql<UploadText[]>`
        select id, name, text, created_at from uploads where id = any(${ids}::uuid[]) and text is not null`)
    },

    /** Removes what nobody attached within a day. @returns how many */
    async expire(): Promise<number> {
      let removed = 0
      for (let count = batchRows; count === batchRows; removed += count) {
        const rows = await within(sql`
          delete from uploads where id in (
            select id from uploads
            where message_id is null and created_at < now() - make_interval(days => ${unattachedDays})
            limit ${batchRows} for update skip locked)
          returning 1`)
        count = rows.length
      }
      if (removed > 0) erased()
      return removed
    },
  }
}

/** In the journal's transaction: locked, in one order everywhere. */
export async function lockUploads(sql: AnySql, ids: string[]): Promise<StoredUpload[]> {
  return sql<StoredUpload[]>`
    select ${columns(sql)} from uploads where id = any(${ids}::uuid[]) order by id for update`
}

export function attachUploads(sql: AnySql, uploads: StoredUpload[]) {
  return uploads.map(
    ({ id, conversation_id, message_id }) => sql`
      update uploads set conversation_id = ${conversation_id}, message_id = ${message_id} where id = ${id}`,
  )
}

function columns(sql: AnySql) {
  return sql`
    id, person_id, conversation_id, message_id, name, mime, bytes, text is not null as extracted, created_at`
}
