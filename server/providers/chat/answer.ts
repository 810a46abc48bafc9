import { setTimeout } from 'node:timers/promises'
import { buildPrompt, type PromptMessage, plainRoles } from '../../answering/prompt/prompt.ts'
import { type BodyReader, readBody } from '../body.ts'
import { createEventReader } from '../event-reader.ts'
import { hostWords } from '../host-words.ts'
import { type ChatModel, type ChatRequest, HostRefused, ModelError } from '../model.ts'
import { type HostResponse, parseJson } from '../stream.ts'
import { createAnswerEnd } from './answer-end.ts'
import { type AnswerTextParts, createAnswerText } from './answer-text.ts'
import { type Chunk, readChunk } from './chunk.ts'

export interface ChatHost {
  /** What they hold is not repeated of a host's words. */
  headers: Record<string, string>
  model: string
  /**
   * Asks; `left` are parts that this host refused, `maxTokens` is the longest answer.
   * @throws HostRefused, or a ModelError when the host is away
   */
  send(
    messages: PromptMessage[],
    left: ReadonlySet<Part>,
    signal: AbortSignal,
    maxTokens?: number,
  ): Promise<HostResponse>
  /** All tokens the model can have in view; an answer that reaches them is cut. */
  contextTokens?: number
  /** See `readBody`; 0 gives each text on as soon as it is there. */
  gatherMs?: number
}

/** What some hosts refuse, and is left out for them; `open_end` is an answer without a limit of its length. */
export type Part = 'stream_options' | 'stream' | 'system' | 'open_end'

/**
 * As often as text leaves for its readers (law R3): reading a stream costs more by the read than by the byte, so what
 * would wait to be given out together waits in the socket.
 */
const defaultGatherMs = 40
/** Longer is not waited for before an answer's first word. */
const retryAfterMaxMs = 30_000
const waitsMax = 3
/** Models that are known to reason, some of whose templates begin inside the reasoning. */
const reasoners = /(?:^|[^a-z])(?:r1|qwq|think(?:ing|er)?|reason(?:er|ing)?)(?:[^a-z]|$)/i

/** Asks one model of one host, and remembers what it found out about both. */
export function createAsk(host: ChatHost): ChatModel['answer'] {
  let left: ReadonlySet<Part> = new Set()
  /** Whether the model's text begins inside its reasoning, so that only the end of that is marked. */
  const habit = { closesOnly: reasoners.test(host.model) }

  async function open(request: ChatRequest, signal: AbortSignal) {
    const messages = buildPrompt(request)
    let trying = left
    let waits = 0
    for (;;) {
      const sent = trying.has('system') ? plainRoles(messages) : messages
      try {
        const { message } = await host.send(sent, trying, signal, request.maxTokens)
        left = trying
        return { message, sent: messages }
      } catch (error) {
        const less = error instanceof HostRefused ? refusedParts(error, trying) : null
        if (less) trying = less
        else if (++waits > waitsMax || !isWorthWaiting(error)) throw error
        else await wait(error.retryAfterMs!, signal)
      }
    }
  }

  return async function ask(request, onText, signal) {
    const { message, sent } = await open(request, signal)
    request.onActivity?.()
    const answer = createAnswer({ request, onText, habit, sent, host })
    await readBody(message, answer.reader, { gatherMs: host.gatherMs ?? defaultGatherMs, signal })
    return answer.result()
  }
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal }).catch(() => {})
  signal.throwIfAborted()
}

interface AnswerParts extends AnswerTextParts {
  request: ChatRequest
  /** The prompt: what a host repeats of it is not shown. */
  sent: PromptMessage[]
  host: Pick<ChatHost, 'headers' | 'contextTokens'>
}

/** The one rule for how an answer is read, and how it ends. */
function createAnswer({ request, onText, habit, sent, host: { headers, contextTokens } }: AnswerParts) {
  const text = createAnswerText({ request, onText, habit })
  const ending = createAnswerEnd(contextTokens)
  const events = createEventReader((data, name) => {
    if (ending.isOver()) return
    if (data === '[DONE]') ending.close()
    else readEvent(data, name)
  })

  function readEvent(data: string, name: string): void {
    const chunk = chunkIn(data)
    // Behind the answer's end a mistake changes nothing.
    if (chunk === null) return
    const error = chunk.error ?? (name === 'error' ? data : null)
    if (error !== null && !ending.hasReason()) throw reported(error)
    if (chunk.reasons) text.release()
    text.push(chunk)
    ending.add(chunk)
  }

  function chunkIn(data: string): Chunk | null {
    try {
      return readChunk(parseJson(data))
    } catch (error) {
      if (!ending.hasReason()) throw error
      return null
    }
  }

  function reported(error: string): ModelError {
    const words = hostWords(error, JSON.stringify(sent), headers)
    return new ModelError(`The model host reported an error${words && `: ${words}`}.`)
  }

  const reader: BodyReader = {
    push: events.push,
    end: events.end,
    flush: text.flush,
    close: () => text.end(ending.cut() === null),
    state: () => (ending.isOver() ? 'over' : ending.hasReason() ? 'counting' : 'open'),
    onActivity: () => request.onActivity?.(),
  }

  return { reader, result: ending.result }
}

/** How a host's words name what it refuses; the first that fits is left out. */
const refusals: readonly [Part, RegExp][] = [
  [
    'open_end',
    /max_tokens.{0,80}\b(?:required|missing|must be (?:set|given|provided|specified))|\b(?:required|missing)\b.{0,80}max_tokens/is,
  ],
  ['stream_options', /stream_options|include_usage/i],
  [
    'system',
    /\bsystem\W{1,3}(?:role|messages?|prompts?|instructions?)\b|\broles?\b.{0,60}\bsystem\b|'system'|must alternate|alternating|developer instruction/i,
  ],
  ['stream', /\bstream(?:ing)?\b/i],
]
/** Left out also where a host does not say what it refuses. */
const unnamed: readonly Part[] = ['stream_options', 'system']
const aboutLength = /context|too long|too large|maximum|max_tokens/i

/** With one part less, or null where that would not help. */
function refusedParts({ status, body }: HostRefused, left: ReadonlySet<Part>): ReadonlySet<Part> | null {
  if ([401, 402, 403, 429].includes(status)) return null
  const named = refusals.find(([part, words]) => !left.has(part) && words.test(body))?.[0]
  const guessed =
    [400, 422].includes(status) && !aboutLength.test(body) ? unnamed.find(part => !left.has(part)) : undefined
  const part = named ?? guessed
  return part ? new Set([...left, part]) : null
}

function isWorthWaiting(error: unknown): error is HostRefused {
  if (!(error instanceof HostRefused) || ![429, 503].includes(error.status)) return false
  return (
    error.retryAfterMs !== null &&
    error.retryAfterMs <= retryAfterMaxMs &&
    !error.body.includes('insufficient_quota')
  )
}
