import type { Attachment, Message, PageContext } from '#protocol'
import { backoff, callCapMs, createKey, pause } from './backoff.ts'
import { type ParleyError, retryAfter, toParleyError } from './error.ts'
import type { Slots } from './storage.ts'

/** Something said that the timeline does not show yet. `sent` is committed and waits only for its event. */
export interface Outgoing {
  key: string
  content: string
  attachments: Attachment[]
  /** Of when it was said: the same key must come with the same input. */
  context: PageContext | undefined
  created_at: string
  status: 'pending' | 'sent' | 'failed'
  /** Why it failed, or why it is still pending. */
  error: Pick<ParleyError, 'code' | 'message' | 'details'> | null
}

export interface Outbox {
  readonly items: Outgoing[]
  add(message: Pick<Outgoing, 'content' | 'attachments' | 'context'>): Outgoing
  /** Sends what is pending, in order. Safe to call at any time. */
  flush(): void
  retry(key: string): void
  discard(key: string): void
  /** What was said, and even acknowledged, before the server lost it: ahead of what waits, in its order and under its keys. */
  sendAgain(messages: Omit<Outgoing, 'status' | 'error'>[]): void
  /** Nothing more is sent or kept. */
  stop(): void
  /** The timeline shows these keys now. */
  settle(keys: Set<string | null>): void
}

export interface OutboxOptions {
  slots: Slots
  /** Slot the unacknowledged messages are kept in, over a reload too. */
  slot: string
  deliver(outgoing: Outgoing): Promise<Message>
  /** While not, everything waits for the next `flush`: something may come before it. */
  maySend(): boolean
  /** Whether the event that shows this message has been applied already. */
  isShown(message: Message): boolean
  onChange(): void
}

/** No fault of the message: it goes out after the next opening. */
const interrupted = ['DISCONNECTED', 'ABORTED']

/** Law D2 from the client's side: a message keeps its key until it is acknowledged, however often it has to be sent. */
export function createOutbox({ slots, slot, deliver, maySend, isShown, onChange }: OutboxOptions): Outbox {
  let items = slots.read<Outgoing[]>(slot) ?? []
  let sending = false
  let isStopped = false

  function change(key: string, to: Partial<Outgoing> | null) {
    if (isStopped) return
    items = items.flatMap(item => (item.key !== key ? [item] : to ? [{ ...item, ...to }] : []))
    keep(key)
    onChange()
  }

  /** Only the one entry: another tab may have put its own beside it since. */
  function keep(key: string) {
    const kept = slots.read<Outgoing[]>(slot) ?? []
    const at = kept.findIndex(item => item.key === key)
    const own = items.filter(item => item.key === key && item.status !== 'sent')
    // In its place, which no clock decides.
    kept.splice(at < 0 ? kept.length : at, at < 0 ? 0 : 1, ...own)
    slots.write(slot, kept.length ? kept : null)
  }

  async function flush() {
    if (sending) return
    sending = true
    for (let attempt = 0; !isStopped && maySend(); ) {
      const next = items.find(item => item.status === 'pending')
      if (!next) break
      const error = await attemptDelivery(next)
      if (!error) attempt = 0
      else if (interrupted.includes(error.code)) break
      else if (error.retryable)
        await pause(Math.max(retryAfter(error.details), backoff(attempt++, callCapMs)))
    }
    sending = false
  }

  async function attemptDelivery(item: Outgoing): Promise<ParleyError | null> {
    try {
      const message = await deliver(item)
      change(item.key, isShown(message) ? null : { status: 'sent', error: null })
      return null
    } catch (thrown) {
      const error = toParleyError(thrown)
      const { code, message, details } = error
      const isWaiting = error.retryable || interrupted.includes(code)
      change(item.key, { status: isWaiting ? 'pending' : 'failed', error: { code, message, details } })
      return error
    }
  }

  return {
    get items() {
      return items
    },
    add(message) {
      const created_at = new Date().toISOString()
      const item: Outgoing = {
        key: createKey(),
        ...message,
        created_at,
        status: 'pending',
        error: null,
      }
      items = [...items, item]
      change(item.key, {})
      void flush()
      return item
    },
    flush: () => void flush(),
    retry(key) {
      const failed = items.find(item => item.key === key)
      if (!failed) return
      change(key, { status: 'pending', error: null })
      void flush()
    },
    discard: key => change(key, null),
    sendAgain(messages) {
      const waiting = items.filter(({ key }) => !messages.some(again => again.key === key))
      const again = messages.map(each => ({ ...each, status: 'pending' as const, error: null }))
      // Acknowledged before, and in no timeline since: that is lost too.
      items = [
        ...again,
        ...waiting.map(item => (item.status === 'sent' ? { ...item, status: 'pending' as const } : item)),
      ]
      slots.write(slot, items.length ? items : null)
      onChange()
    },
    stop() {
      isStopped = true
    },
    settle(keys) {
      for (const { key } of items) if (keys.has(key)) change(key, null)
    },
  }
}
