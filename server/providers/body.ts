import type { IncomingMessage } from 'node:http'
import { StringDecoder } from 'node:string_decoder'
import { ModelError } from './model.ts'

/** What becomes of a body as it is read. What its methods throw ends the reading. */
export interface BodyReader {
  push(text: string): void
  /** The host ended the body. */
  end(): void
  /** Hands on what was taken. @returns whether that was anything */
  flush(): boolean
  /** Hands on the rest: nothing more is read. */
  close(): void
  /** Whether more is needed, only a count may follow, or nothing does. */
  state(): 'open' | 'counting' | 'over'
  /** Any byte came. */
  onActivity(): void
}

/** How long a count of tokens is waited for behind the answer's end, in milliseconds. */
const countMs = 500
/** How long a host has to end its body behind the answer's end; then the connection is given up. */
const letGoMs = 250

/**
 * Reads the body of an answer to the answer's end, which is the protocol's and not the transport's: what the host does with
 * the connection from then on changes nothing. With callbacks because this is the way of every token: half of what a client
 * library's async iteration costs.
 * @param gatherMs for how long the read after one with text is put off: text gathers meanwhile
 * @throws ModelError when the host breaks off before, and what `reader` throws; the signal's reason after an abort
 */
export function readBody(
  response: IncomingMessage,
  reader: BodyReader,
  { gatherMs, signal }: { gatherMs: number; signal: AbortSignal },
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const decoder = new StringDecoder('utf8')
  let settled = false
  let putOff = false
  let counting: NodeJS.Timeout | undefined

  function finish(error?: unknown): void {
    if (settled) return
    settled = true
    clearTimeout(counting)
    reader.close()
    if (signal.aborted) reject(signal.reason)
    else if (error !== undefined && reader.state() === 'open') reject(error)
    else resolve()
    letGo(response)
  }

  /** What was taken before a mistake counts. */
  function taking(push: () => void): void {
    try {
      push()
    } catch (error) {
      finish(error)
    }
  }

  function read(mayPutOff: boolean): void {
    const bytes: Buffer | null = response.read()
    if (bytes === null || settled) return
    reader.onActivity()
    taking(() => reader.push(decoder.write(bytes)))
    if (settled) return
    const gave = reader.flush()
    const state = reader.state()
    if (state === 'over') finish()
    else if (state === 'counting') awaitCount(gave)
    else if (mayPutOff && gave && gatherMs > 0) readLater()
  }

  function awaitCount(anew: boolean): void {
    if (counting && !anew) return
    clearTimeout(counting)
    counting = setTimeout(finish, countMs)
  }

  function readLater(): void {
    putOff = true
    setTimeout(() => {
      putOff = false
      // Takes the little that was read before the pause; what the socket holds follows at once.
      read(false)
    }, gatherMs)
  }

  response.on('readable', () => {
    if (settled) response.read()
    else if (!putOff) read(true)
  })
  response.on('end', () => {
    if (settled) return
    taking(() => reader.end())
    finish()
  })
  const breakOff = () => {
    // What came before a break counts.
    read(false)
    finish(new ModelError('The model host broke the connection off.'))
  }
  response.on('aborted', breakOff)
  response.on('error', breakOff)
  if (response.destroyed) breakOff()
  return promise
}

/** A host that ends its body now keeps its connection for the next call. */
function letGo(response: IncomingMessage): void {
  if (response.readableEnded || response.destroyed) return
  response.read()
  const timer = setTimeout(() => response.destroy(), letGoMs)
  timer.unref()
  response.on('close', () => clearTimeout(timer))
}
