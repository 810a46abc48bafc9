/** Text that arrives within this of the last delta leaves together with it (law R3), in milliseconds. */
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
 * The text of one answer on its way out. `text` is all that is settled, `sent` how much of it readers were given;
 * both in UTF-16 code units. The concatenation of what was sent is always a prefix of `text` (law R1).
 */
export class Delivery {
  text = ''
  sent = 0
  readonly #parts: DeliveryParts
  #timer: NodeJS.Timeout | undefined

  constructor(parts: DeliveryParts) {
    this.#parts = parts
  }

  add(more: string): void {
    if (more === '') return
    this.text += more
    if (this.sent === 0) this.#send()
    else this.#timer ??= setTimeout(() => this.#send(), this.#window())
  }

  /** The end always flushes. */
  end(): void {
    this.#send(true)
  }

  #send(all = false): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    // Half a surrogate pair waits for its other half: as UTF-8 it would arrive as something else.
    const end =
      !all && isHighSurrogate(this.text.charCodeAt(this.text.length - 1))
        ? this.text.length - 1
        : this.text.length
    if (end <= this.sent) return
    this.#parts.send(this.sent, this.text.slice(this.sent, end))
    this.sent = end
  }

  #window(): number {
    const waiting = this.#parts.backlog()
    return slowReaders.find(step => waiting >= step.waitingBytes)?.mergeMs ?? mergeMs
  }
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}
