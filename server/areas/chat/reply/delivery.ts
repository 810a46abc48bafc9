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
  /** What readers were given is taken back; resolves once they know. */
  startOver(): Promise<void>
  /** What they were given by the node that began it. */
  shown: string
}

/**
 * The text of one answer on its way out: `sent` is what readers were given, and `text`, all that is settled, begins with
 * it (law R1). Kept as two strings, so that a delta is cut from the end without touching what went before.
 *
 * An answer that another node began is written from its beginning again. As long as it is what readers were given, they
 * are given nothing: they see it go on. Where it is not, they begin anew.
 */
export class Delivery {
  sent: string
  /** Resolves when readers know that what they were given does not count. */
  startedOver: Promise<void> | null = null
  #pending = ''
  /** What is written again so far, until it has reached the end of what was shown. */
  #again: string | null
  readonly #parts: DeliveryParts
  #sentAt = 0
  #timer: NodeJS.Timeout | undefined
  #halted = false
  #startingOver = false
  #ended = false

  constructor(parts: DeliveryParts) {
    this.#parts = parts
    this.sent = parts.shown
    this.#again = parts.shown === '' ? null : ''
  }

  get text(): string {
    return this.#again ?? this.sent + this.#pending
  }

  get isEmpty(): boolean {
    return this.text === ''
  }

  add(more: string): void {
    if (this.#again === null) this.#append(more)
    else this.#writeAgain(this.#again + more)
  }

  /** What was given so far does not count: readers begin anew. */
  restart(): void {
    if (this.#again !== null) this.#again = ''
    else if (!this.isEmpty) this.#startOver('')
  }

  #writeAgain(again: string): void {
    const isShown = this.sent.startsWith(again)
    this.#again = isShown ? again : null
    if (isShown) return
    if (again.startsWith(this.sent)) this.#append(again.slice(this.sent.length))
    else this.#startOver(again)
  }

  #startOver(text: string): void {
    this.sent = ''
    this.#pending = text
    this.#startingOver = true
    this.startedOver = this.#parts.startOver().then(
      () => {
        this.#startingOver = false
        this.#send()
      },
      // Then its end says what holds.
      () => {},
    )
  }

  #append(more: string): void {
    this.#pending += more
    if (this.sent === '') this.#send()
    else this.#timer ??= setTimeout(() => this.#send(), this.#sentAt + this.#window() - performance.now())
  }

  /** The end always flushes. @param complete else what was shown and is not written again yet stays */
  end(complete: boolean): void {
    if (this.#again !== null && complete) this.sent = this.#again
    this.#again = null
    this.#send(true)
    this.#ended = true
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
    if (this.#halted || this.#startingOver || this.#ended) return
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
