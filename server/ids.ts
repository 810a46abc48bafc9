import { v7 } from 'uuid'

const bytesEach = 16
/** Asking for random bytes costs more than making an id of them: many at a time. */
const pool = new Uint8Array(256 * bytesEach)
let used = pool.length

/** UUIDv7: ordered by time of making, so that indexes grow at their end. */
export function newId(): string {
  if (used === pool.length) {
    crypto.getRandomValues(pool)
    used = 0
  }
  const random = pool.subarray(used, used + bytesEach)
  used += bytesEach
  return v7({ random })
}
