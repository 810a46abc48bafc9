import { v7 } from 'uuid'

const bytesEach = 16
/** Asking for random bytes costs more than making an id of them: many at a time. */
const pool = new Uint8Array(256 * bytesEach)
let used = pool.length
/** Of the newest id. */
let msecs = 0
let seq = 0

/** UUIDv7: ordered by time of making, on one node strictly, so that indexes grow at their end. */
export function newId(): string {
  if (used === pool.length) {
    crypto.getRandomValues(pool)
    used = 0
  }
  const random = pool.subarray(used, used + bytesEach)
  used += bytesEach
  // The library counts within a millisecond only where it asks for the random bytes itself.
  const now = Date.now()
  seq = now > msecs ? 0 : seq + 1
  msecs = Math.max(now, msecs)
  return v7({ random, msecs, seq })
}

/** Unique over nodes and restarts, cheap, and short enough to be read out. */
export function requestIds(): () => string {
  const prefix = newId().slice(-6)
  let count = 0
  return () => `${prefix}-${(count++).toString(36)}`
}
