import type { Database, TransactionSql } from '../engine/transaction.ts'
import { type Actor, recordAudit } from './audit.ts'

export interface Picture {
  id: string
  mime: string
  content: Uint8Array
}

export interface ProfileFacts {
  avatar_url: string | null
  second_factor: boolean
  recovery_codes: number
}

export type ProfileStorage = ReturnType<typeof profileStorage>

/** What people change of their own account. */
export function profileStorage({ sql, withDeadline, transaction }: Database) {
  /** The desk reads agents whose row has changed: on every node, with the name that stands beside it. */
  async function setAvatar(inner: TransactionSql, personId: string, avatarUrl: string | null): Promise<void> {
    await inner`
      insert into agents (person_id, avatar_url) values (${personId}, ${avatarUrl})
      on conflict (person_id) do update set avatar_url = excluded.avatar_url`
  }

  return {
    async facts(personId: string): Promise<ProfileFacts> {
      const [row] = await withDeadline(sql<ProfileFacts[]>`
        select (select avatar_url from agents where person_id = ${personId}) as avatar_url,
          exists (select 1 from second_factors where person_id = ${personId} and confirmed) as second_factor,
          (select count(*)::int from recovery_codes where person_id = ${personId}) as recovery_codes`)
      return row!
    },

    rename(personId: string, name: string, actor: Actor): Promise<void> {
      return transaction(async inner => {
        await inner`update people set name = ${name}, updated_at = now() where id = ${personId}`
        await recordAudit(inner, { actor, scope: 'people', action: 'profile:update', subject: personId })
      })
    },

    setPicture(personId: string, picture: Picture, avatarUrl: string): Promise<void> {
      return transaction(async inner => {
        await inner`delete from pictures where person_id = ${personId}`
        await inner`insert into pictures ${inner({ ...picture, person_id: personId })}`
        await setAvatar(inner, personId, avatarUrl)
      })
    },

    removePicture(personId: string): Promise<void> {
      return transaction(async inner => {
        await inner`delete from pictures where person_id = ${personId}`
        await setAvatar(inner, personId, null)
      })
    },

    async findPicture(id: string): Promise<Picture | null> {
      const [row] = await withDeadline(
        sql<Picture[]>`select id, mime, content from pictures where id = ${id}`,
      )
      return row ?? null
    },
  }
}
