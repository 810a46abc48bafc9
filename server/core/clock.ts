/** Passed in where time decides something, so that a test can move it. Milliseconds since the epoch. */
export type Clock = () => number

let writtenAt = Number.NaN
let written = ''

/** What this process's clock says, in ISO 8601. Written once a millisecond: for each reply it was a twentieth of a small operation. */
export function timestamp(): string {
  const now = Date.now()
  if (now !== writtenAt) {
    writtenAt = now
    written = new Date(now).toISOString()
  }
  return written
}

/** How often the database is asked: monotonic clocks drift by far less than a second in this time. */
const lookMs = 60_000

/**
 * The database's time: all nodes agree on it, whatever their own clocks say or jump to. Between two looks it goes on by
 * this process's monotonic clock.
 * @param ask the time of the database
 */
export async function createDatabaseClock(ask: () => Promise<number>) {
  let ahead = 0
  async function look(): Promise<void> {
    const began = performance.now()
    const answered = await ask()
    ahead = answered - (began + performance.now()) / 2
  }
  await look()
  // While the database is away, it goes on as it did.
  const timer = setInterval(() => look().catch(() => {}), lookMs)
  timer.unref()
  return {
    now: (() => performance.now() + ahead) satisfies Clock,
    close: () => clearInterval(timer),
  }
}
