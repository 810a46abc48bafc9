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
  #rewritten: string | null
  readonly #parts: DeliveryParts
  #sentAt = 0
  #timer: NodeJS.Timeout | undefined
  #paused = false
  #startingOver = false
  #ended = false

  constructor(parts: DeliveryParts) {
    this.#parts = parts
    this.sent = parts.shown
    this.#rewritten = parts.shown === '' ? null : ''
  }

  get text(): string {
    return this.#rewritten ?? this.sent + this.#pending
  }

  get isEmpty(): boolean {
    return this.text === ''
  }

  add(chunk: string): void {
    if (this.#rewritten === null) this.#append(chunk)
    else this.#rewrite(this.#rewritten + chunk)
  }

  /** What was given so far does not count: readers begin anew. */
  restart(): void {
    if (this.#rewritten !== null) this.#rewritten = ''
    else if (!this.isEmpty) this.#startOver('')
  }

  #rewrite(rewritten: string): void {
    const isShown = this.sent.startsWith(rewritten)
    this.#rewritten = isShown ? rewritten : null
    if (isShown) return
    if (rewritten.startsWith(this.sent)) this.#append(rewritten.slice(this.sent.length))
    else this.#startOver(rewritten)
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

  #append(chunk: string): void {
    this.#pending += chunk
    if (this.sent === '') this.#send()
    else this.#timer ??= setTimeout(() => this.#send(), this.#sentAt + this.#window() - performance.now())
  }

  /** The end always flushes. @param complete else what was shown and is not written again yet stays */
  end(complete: boolean): void {
    if (this.#rewritten !== null && complete) this.sent = this.#rewritten
    this.#rewritten = null
    this.#send(true)
    this.#ended = true
  }

  /** What is pending stays until `resume`. */
  pause(): void {
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
    this.#send()
  }

  #send(all = false): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#paused || this.#startingOver || this.#ended) return
    const pending = this.#pending
    // Half a surrogate pair waits for its other half: as UTF-8 it would arrive as something else.
    const isSplit = !all && isHighSurrogate(pending.charCodeAt(pending.length - 1)) ? 1 : 0
    const text = isSplit ? pending.slice(0, -1) : pending
    if (text === '') return
    this.#pending = isSplit ? pending.slice(-1) : ''
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
