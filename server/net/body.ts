import { OperationError } from '#protocol'
import type { BodyAccount } from './body-budget.ts'

/** Slower than this over a window is given up; uWebSockets.js itself cuts such a connection off a moment later, without a word. */
const windowMs = 6000
const minWindowBytes = (windowMs / 1000) * 16_000
/** How much, and how long, is read past the limit so that the sender stays to hear why: a connection closed in its face loses the answer. */
const discardMaxBytes = 32_000_000
const discardMaxMs = 3000

type State = 'waiting' | 'reading' | 'discarding' | 'ended'

/** A request's body on its way in: nothing of it is held beyond what the route that reads it allows, and the budget has room for. */
export class IncomingBody {
  readonly #declaredBytes: number
  #account: BodyAccount | undefined
  #state: State = 'waiting'
  #isWhole = false
  #chunks: Uint8Array<ArrayBuffer>[] = []
  #bytes = 0
  #maxBytes = Number.POSITIVE_INFINITY
  #failure: OperationError | undefined
  #settle: { resolve(body: Buffer<ArrayBuffer>): void; reject(error: Error): void } | undefined
  #discarded: ((isWhole: boolean) => void) | undefined
  #timer: NodeJS.Timeout | undefined

  /** @param declaredBytes its Content-Length; 0 where it has none */
  constructor(declaredBytes: number) {
    this.#declaredBytes = declaredBytes
  }

  /** Before anything arrives: without an account nothing is held. */
  chargeTo(account: BodyAccount): void {
    this.#account = account
  }

  /** @param chunk is copied: it may be gone after the call */
  push(chunk: Uint8Array, isLast: boolean): void {
    if (this.#state === 'ended') return
    this.#bytes += chunk.byteLength
    this.#isWhole = isLast
    const failure = this.#account?.count(chunk.byteLength)
    if (failure) this.#fail(failure)
    else if (this.#state !== 'discarding') this.#append(chunk)
    if (isLast && this.#state === 'reading') this.#deliver()
    const isEnough = isLast || failure !== undefined || this.#bytes > discardMaxBytes
    if (isEnough && this.#state === 'discarding') this.#end()
  }

  /** The connection is gone. What was delivered stays charged until whoever works on it has ended. */
  abort(): void {
    if (this.#state === 'ended') return
    this.#fail(new OperationError('REQUEST_TIMEOUT', 'The request was interrupted.'))
    this.#end()
  }

  /** @throws OperationError PAYLOAD_TOO_LARGE, REQUEST_TIMEOUT, RATE_LIMITED, SERVICE_UNAVAILABLE */
  read(maxBytes: number): Promise<Buffer<ArrayBuffer>> {
    this.#maxBytes = maxBytes
    if (Math.max(this.#declaredBytes, this.#bytes) > maxBytes) this.#fail(tooLarge(maxBytes))
    if (this.#failure) return Promise.reject(this.#failure)
    this.#state = 'reading'
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
      if (this.#isWhole) this.#deliver()
      else this.#watchRate()
    })
  }

  /**
   * Lets go of what is held, and lets the rest go by before the answer is written.
   * @returns whether its end was reached: otherwise the connection has to be closed
   */
  discard(): Promise<boolean> {
    this.#release()
    // Who hardly sends is not waited for any longer.
    if (this.#state === 'ended' || this.#isWhole || this.#failure?.code === 'REQUEST_TIMEOUT') {
      this.#state = 'ended'
      return Promise.resolve(this.#isWhole)
    }
    this.#state = 'discarding'
    return new Promise(resolve => {
      this.#discarded = resolve
      this.#timer = setTimeout(() => this.#end(), discardMaxMs)
    })
  }

  #append(chunk: Uint8Array): void {
    const failure =
      this.#bytes > this.#maxBytes ? tooLarge(this.#maxBytes) : this.#account?.reserve(chunk.byteLength)
    if (failure || !this.#account) this.#fail(failure)
    else this.#chunks.push(new Uint8Array(chunk))
  }

  #deliver(): void {
    const [first] = this.#chunks
    const body = this.#chunks.length === 1 ? Buffer.from(first!.buffer) : Buffer.concat(this.#chunks)
    clearInterval(this.#timer)
    this.#chunks = []
    this.#state = 'ended'
    this.#settle!.resolve(body)
  }

  #watchRate(): void {
    let before = this.#bytes
    this.#timer = setInterval(() => {
      if (this.#bytes - before < minWindowBytes)
        this.#fail(new OperationError('REQUEST_TIMEOUT', 'The request body took too long to arrive.'))
      before = this.#bytes
    }, windowMs)
  }

  #fail(failure: OperationError | undefined): void {
    this.#failure ??= failure
    this.#release()
    if (this.#state !== 'ended') this.#state = 'discarding'
    if (failure) this.#settle?.reject(failure)
  }

  #release(): void {
    clearInterval(this.#timer)
    this.#chunks = []
    this.#account?.release()
  }

  #end(): void {
    clearTimeout(this.#timer)
    this.#state = 'ended'
    this.#discarded?.(this.#isWhole)
  }
}

function tooLarge(maxBytes: number): OperationError {
  return new OperationError('PAYLOAD_TOO_LARGE', `A body may have ${maxBytes} bytes here.`, {
    max_bytes: maxBytes,
  })
}
