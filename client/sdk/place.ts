import type { OperationInput } from '#protocol'
import { createKey } from './backoff.ts'
import type { Client } from './client.ts'
import type { ConversationOptions } from './conversation.ts'
import type { ParleyError } from './error.ts'
import type { Opened } from './timeline.ts'

/** Which conversation a store shows, and of which life of the database. */
export interface Place {
  /** Null until the server has told it. */
  id: string | null
  isNew: boolean
  /** How a new one is asked for: the same each time, as it has a key. */
  birth: OperationInput<'conversation:open'> | null
  /** Of the database that it was read from; null where the server does not tell. */
  life: string | null
  /** That database was put back to an earlier state: all is read anew. */
  isStale: boolean
  /** Up to which the server was told that it was seen. */
  readSeq: number
}

export function createPlace({ id = null, isNew = false }: ConversationOptions): Place {
  return { id, isNew, birth: null, life: null, isStale: false, readSeq: 0 }
}

/** @param seq of the last event that is known; undefined where all is to be read */
export function openInput(place: Place, { language, context }: Client, seq?: number) {
  if (place.id) return { conversation_id: place.id, since_seq: place.isStale ? undefined : seq }
  const where = { language, context }
  if (!place.isNew) return where
  place.birth ??= { ...where, new: true, key: createKey() }
  return place.birth
}

/** The database is of this life now, as far as it was told. */
export function noteLife(place: Place, life: string | undefined): void {
  place.isStale ||= place.life !== null && life !== undefined && life !== place.life
}

/** It was read, whole where it was stale. */
export function settleIn(place: Place, { conversation, incarnation }: Opened, client: Client): void {
  if (place.isStale) place.readSeq = 0
  place.id = conversation.id
  place.life = incarnation ?? client.state.session?.incarnation ?? place.life
  place.isStale = false
}

/** @param isNew the next is one that is made for it */
export function leavePlace(place: Place, isNew?: boolean): void {
  place.id = place.life = null
  place.isStale = false
  if (!isNew) return
  place.isNew = true
  place.birth = null
}

/** It is gone, and another one may be had instead. */
export function isGone({ code }: ParleyError, place: Place, { startOver, id }: ConversationOptions): boolean {
  return code === 'CONVERSATION_NOT_FOUND' && (startOver === true || (place.isStale && !id))
}

/** It was closed, and a new one may be begun instead. */
export function isOver({ code, details }: ParleyError, { startOver }: ConversationOptions): boolean {
  const { status } = (details ?? {}) as { status?: unknown }
  return startOver === true && code === 'CONFLICT' && status === 'closed'
}
