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
const clockPollMs = 60_000

/**
 * The database's time: all nodes agree on it, whatever their own clocks say or jump to. Between two looks it goes on by
 * this process's monotonic clock.
 * @param ask the time of the database
 */
export async function createDatabaseClock(queryTime: () => Promise<number>) {
  let offsetMs = 0
  async function readDatabaseTime(): Promise<void> {
    const startedAt = performance.now()
    const answered = await queryTime()
    offsetMs = answered - (startedAt + performance.now()) / 2
  }
  await readDatabaseTime()
  // While the database is away, it goes on as it did.
  const timer = setInterval(() => readDatabaseTime().catch(() => {}), clockPollMs)
  timer.unref()
  return {
    now: (() => performance.now() + offsetMs) satisfies Clock,
    close: () => clearInterval(timer),
  }
}
