const baseMs = 500
const capMs = 30_000
/** Its window is 4 s. */
const callAttempts = 3

/** Full jitter: anywhere between nothing and a window that doubles from 0.5 s to 30 s, so that a crowd comes back spread out. */
export function backoff(attempt: number, random: () => number = Math.random): number {
  return random() * Math.min(capMs, baseMs * 2 ** attempt)
}

/** For a call on a connection that is open: whoever waits for a database that was away has it back soon after it is. */
export function callBackoff(attempt: number): number {
  return backoff(Math.min(attempt, callAttempts))
}

/** `crypto.randomUUID` is missing on plain-http pages. */
export function createKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}
