import { backoff, type Client, callCapMs, toParleyError } from '../../../sdk/index.ts'
import type { Store } from '../../../sdk/store.ts'
import type { DeskState } from './desk.ts'

interface Reading {
  /** Before the first try. */
  begin(): void
  load(): Promise<unknown>
}

/**
 * Reads all lists at each new connection, however often that has to be tried, and where what they show of a conversation was changed.
 * @returns the way out
 */
export function loadOnConnection(
  client: Client<'agent'>,
  { get, set }: Store<DeskState>,
  { begin, load }: Reading,
): () => void {
  async function read() {
    begin()
    for (let attempt = 0; get().connection === 'online'; attempt++) {
      if (await readOnce()) return
      await new Promise(resolve => setTimeout(resolve, backoff(attempt, callCapMs)))
    }
  }

  /** @returns false where it was not answered: a connection that went reads at its return, a busy server is asked again */
  async function readOnce(): Promise<boolean> {
    try {
      await load()
      set({ isLoaded: true })
      return true
    } catch (thrown) {
      return !toParleyError(thrown).retryable
    }
  }

  const leave = [
    client.on('message:updated', ({ message }) => {
      if (message.removed === 'redacted') void read()
    }),
    client.on('conversation:updated', () => void read()),
  ]
  const unsubscribe = client.subscribe(({ status }) => {
    const isNew = status === 'online' && get().connection !== 'online'
    set({ connection: status })
    if (isNew) void read()
  })
  return () => {
    for (const stop of leave) stop()
    unsubscribe()
  }
}
