import type { Database } from '../engine/transaction.ts'
import { type Creator, lockPerson } from './open.ts'

export interface NewSound {
  id: string
  mime: string
  content: Uint8Array
}

const expireMinutes = 10
const largeMs = 30_000

export type SpeechStorage = ReturnType<typeof speechStorage>

/** Texts that were made into sound, for as long as they are waited for. */
export function speechStorage({ sql, withDeadline, transaction, erased }: Database) {
  return {
    /** @returns when it is gone */
    add(person: Creator, { id, mime, content }: NewSound): Promise<string> {
      return transaction(async inner => {
        await lockPerson(inner, person)
        const [row] = await inner<{ expires_at: string }[]>`
          insert into speech_sounds (id, person_id, mime, content, expires_at)
          values (${id}, ${person.personId}, ${mime}, ${Buffer.from(content)},
            now() + make_interval(mins => ${expireMinutes}))
          returning expires_at`
        return row!.expires_at
      }, largeMs)
    },

    /** The person's own, as long as it is there. */
    async find(id: string, personId: string): Promise<Omit<NewSound, 'id'> | null> {
      const [row] = await withDeadline(
        sql<Omit<NewSound, 'id'>[]>`
          select mime, content from speech_sounds
          where id = ${id} and person_id = ${personId} and expires_at > now()`,
        largeMs,
      )
      return row ?? null
    },

    async expire(): Promise<void> {
      const rows = await withDeadline(sql`delete from speech_sounds where expires_at < now() returning 1`)
      if (rows.length > 0) erased()
    },
  }
}
