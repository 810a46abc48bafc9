/** A delta leaves this long after the last one, with all that came in between (law R3); in milliseconds. */
const mergeMs = 40
/** Wider for a reader with this many bytes still waiting. */
const slowReaders = [
  { waitingBytes: 256_000, mergeMs: 1000 },
  { waitingBytes: 64_000, mergeMs: 250 },
]

export interface DeliveryParts {
  send(offset: number, text: string): void
  /** Bytes that wait for the slowest reader. */
  backlog(): number
}

/**
 * The text of one answer on its way out: `sent` is what readers were given, and `text`, all that is settled, begins with
 * it (law R1). Kept as two strings, so that a delta is cut from the end without touching what went before.
 */
export class Delivery {
  sent = ''
  #pending = ''
  readonly #parts: DeliveryParts
  #sentAt = 0
  #timer: NodeJS.Timeout | undefined
  #halted = false

  constructor(parts: DeliveryParts) {
    this.#parts = parts
  }

  get text(): string {
    return this.sent + this.#pending
  }

  get isEmpty(): boolean {
    return this.sent === '' && this.#pending === ''
  }

  add(more: string): void {
    if (more === '') return
    this.#pending += more
    if (this.sent === '') this.#send()
    else this.#timer ??= setTimeout(() => this.#send(), this.#sentAt + this.#window() - performance.now())
  }

  /** The end always flushes. */
  end(): void {
    this.#send(true)
  }

  /** What is pending stays until `resume`. */
  halt(): void {
    this.#halted = true
  }

  resume(): void {
    this.#halted = false
    this.#send()
  }

  #send(all = false): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#halted) return
    const pending = this.#pending
    // Half a surrogate pair waits for its other half: as UTF-8 it would arrive as something else.
    const held = !all && isHighSurrogate(pending.charCodeAt(pending.length - 1)) ? 1 : 0
    const text = held ? pending.slice(0, -1) : pending
    if (text === '') return
    this.#pending = held ? pending.slice(-1) : ''
    const offset = this.sent.length
    this.sent += text
    this.#sentAt = performance.now()
    this.#parts.send(offset, text)
  }

  #window(): number {
    const waiting = this.#parts.backlog()
    return slowReaders.find(step => waiting >= step.waitingBytes)?.mergeMs ?? mergeMs
  }
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}
