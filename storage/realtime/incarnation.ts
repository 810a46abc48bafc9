import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { v4 } from 'uuid'
import { type Database, DatabaseUnavailable } from '../engine/transaction.ts'

export type IncarnationStorage = ReturnType<typeof incarnationStorage>

/**
 * The name of this life of the database: one that was restored has another. A dump carries the row, so what the row says
 * of its place is compared with where it lies.
 * @param folder of the embedded database
 */
export function incarnationStorage({ kind, sql, withDeadline }: Database, folder: string) {
  /** The embedded database's files are known by the file system's own number. */
  async function fileMark(): Promise<string> {
    if (kind !== 'embedded') return ''
    const { ino, ctimeNs } = await stat(join(folder, 'embedded', 'PG_VERSION'), { bigint: true })
    return `${ino} ${ctimeNs}`
  }

  /** What a copy does not take along. */
  const markWith = (file: string) => sql`concat_ws(' ', (select system_identifier from pg_control_system()),
    (select oid from pg_database where datname = current_database()), 'incarnation'::regclass::oid::int8, ${file}::text)`

  /** That of now; a row that was copied here gets a new name first. */
  async function find(): Promise<string> {
    const file = await fileMark()
    const [row] = await withDeadline(sql<{ id: string; same: boolean }[]>`
      select id, mark = ${markWith(file)}
        and xmin::text::numeric = written_in::text::numeric % 4294967296 as same from incarnation`)
    return row?.same ? row.id : renew(row?.id ?? null)
  }

  /** Begins another life, unless somebody has already. @param known that of now @returns the one that holds then */
  async function renew(known: string | null): Promise<string> {
    const file = await fileMark()
    await withDeadline(sql`
      insert into incarnation (id, mark) values (${v4()}, ${markWith(file)})
      on conflict (one) do update set id = excluded.id, mark = excluded.mark, written_in = excluded.written_in
      where incarnation.id = ${known}::uuid`)
    const [row] = await withDeadline(sql<{ id: string }[]>`select id from incarnation`)
    return row!.id
  }

  /** Bytes of the database's log that are on disk: never fewer within one life. Null where the server does not tell. */
  async function position(): Promise<number | null> {
    try {
      const [row] = await withDeadline(sql<{ position: number }[]>`
        select pg_wal_lsn_diff(pg_current_wal_flush_lsn(), '0/0')::float8 as position`)
      return row!.position
    } catch (error) {
      if (error instanceof DatabaseUnavailable) throw error
      return null
    }
  }

  return { find, renew, position }
}

/** Begins another life of the database: after a backup was put back, whatever can be seen of that. */
export async function renewIncarnation(database: Database, folder: string): Promise<string> {
  const { find, renew } = incarnationStorage(database, folder)
  return renew(await find())
}
