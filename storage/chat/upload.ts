import { lastOfEach, type Participant } from '../engine/participant.ts'
import type { AnySql, Database } from '../engine/transaction.ts'
import { type Creator, lockPerson } from './open.ts'

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

/** In bytes. */
export interface UploadQuotas {
  /** What one person may have lying here without a message. */
  person: number
  /** What all of one network may hand over in a day. */
  networkDaily: number
  /** All of this installation. */
  total: number
}

export type UploadOutcome = 'saved' | 'person_full' | 'network_full'

const unattachedDays = 1
const batchRows = 200

export type UploadStorage = ReturnType<typeof uploadStorage>

export function uploadStorage({ sql, withDeadline, transaction, erased }: Database) {
  return {
    /** @param network null for who may hand over as much as there is room for */
    add(
      person: Creator,
      upload: NewUpload,
      { network, quotas }: { network: string | null; quotas: UploadQuotas },
    ): Promise<UploadOutcome> {
      const bytes = upload.content.byteLength
      return transaction(async inner => {
        await lockPerson(inner, person)
        const [{ lying }] = (await inner`
          select coalesce(sum(bytes), 0)::int as lying from uploads
          where person_id = ${person.personId} and message_id is null`) as unknown as [{ lying: number }]
        if (lying + bytes > quotas.person) return 'person_full'
        if (network !== null && !(await consumeQuota(inner, network, { bytes, max: quotas.networkDaily })))
          return 'network_full'
        await inner`
          insert into uploads (id, person_id, name, mime, bytes, text, content)
          values (${upload.id}, ${person.personId}, ${upload.name}, ${upload.mime}, ${bytes}, ${upload.text},
            ${Buffer.from(upload.content)})`
        return 'saved'
      }, 30_000)
    },

    /** Bytes of all files that are kept. */
    async storedBytes(): Promise<number> {
      const [row] = await withDeadline(
        sql<{ stored: number }[]>`select coalesce(sum(bytes), 0)::float8 as stored from uploads`,
      )
      return row!.stored
    },

    async find(id: string): Promise<StoredUpload | null> {
      const [row] = await withDeadline(
        sql<StoredUpload[]>`select ${columns(sql)} from uploads where id = ${id}`,
      )
      return row ?? null
    },

    async content(id: string): Promise<Uint8Array | null> {
      const [row] = await withDeadline(
        sql<{ content: Uint8Array }[]>`select content from uploads where id = ${id}`,
        30_000,
      )
      return row?.content ?? null
    },

    async texts(ids: string[]): Promise<UploadText[]> {
      return withDeadline(sql<UploadText[]>`
        select id, name, text, created_at from uploads where id = any(${ids}::uuid[]) and text is not null`)
    },

    /** Removes what nobody attached within a day. @returns how many */
    async expire(): Promise<number> {
      let removed = 0
      await withDeadline(sql`delete from upload_networks where day < (now() at time zone 'utc')::date - 1`)
      for (let count = batchRows; count === batchRows; removed += count) {
        const rows = await withDeadline(sql`
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

/** False where the network has handed over too much today already. */
async function consumeQuota(
  sql: AnySql,
  network: string,
  { bytes, max }: { bytes: number; max: number },
): Promise<boolean> {
  if (bytes > max) return false
  const rows = await sql`
    insert into upload_networks as used (network, day, bytes)
    values (${network}, (now() at time zone 'utc')::date, ${bytes})
    on conflict (network, day) do update set bytes = used.bytes + excluded.bytes
    where used.bytes + excluded.bytes <= ${max}
    returning 1`
  return rows.length > 0
}

/** In the journal's transaction: locked, in one order everywhere. */
/** Files that a message is said with: by id, those that are there. */
export const uploadParticipant: Participant<string, Map<string, StoredUpload>, StoredUpload> = {
  async lock(sql, ids) {
    const rows = await sql<StoredUpload[]>`
      select ${columns(sql)} from uploads where id = any(${[...ids]}::uuid[]) order by id for update`
    return new Map(rows.map(row => [row.id, row]))
  },
  unseen: () => new Map(),
  stage: (seen, _head, row) => void seen.set(row.id, row),
  write: (sql, rows) =>
    Promise.all(
      lastOfEach(rows).map(
        ({ id, conversation_id, message_id }) => sql`
          update uploads set conversation_id = ${conversation_id}, message_id = ${message_id} where id = ${id}`,
      ),
    ),
}

function columns(sql: AnySql) {
  return sql`
    id, person_id, conversation_id, message_id, name, mime, bytes, text is not null as extracted, created_at`
}
