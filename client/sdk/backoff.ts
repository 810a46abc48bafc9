const baseMs = 500
/** For a call on a connection that is open: whoever waits for a database that was away has it back soon after it is. */
export const callCapMs = 4000

/** Full jitter: anywhere between nothing and a window that doubles from 0.5 s to its cap, so that a crowd comes back spread out. */
export function backoff(attempt: number, capMs = 30_000): number {
  return Math.random() * Math.min(capMs, baseMs * 2 ** attempt)
}

export function pause(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}

/** `crypto.randomUUID` is missing on plain-http pages. */
export function createKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}
