import type { Reference } from '#protocol'
import type { ConversationRow } from '#storage/chat/conversation'
import type { StoredMessage } from '#storage/chat/message'
import { trimHistory } from '../../../answering/prompt/history.ts'
import type { Question } from '../../../answering/retrieval/evidence.ts'
import { messageText } from '../../../core/message-text.ts'
import { estimateUse } from '../../../providers/estimate.ts'
import {
  type ChatModel,
  type ChatRequest,
  ModelError,
  type TokenCount,
  type Turn,
} from '../../../providers/model.ts'
import type { ModelChoice } from '../../../providers/registry.ts'

/** Between the model and the reader: settles reference marks (law A1). */
export interface CitationFilter {
  push(text: string): string
  /** @param isWhole whether the answer came to its own end */
  end(isWhole?: boolean): string
  references(): Reference[]
}

export interface Timings {
  /** A host that has sent no byte after this counts as down, in milliseconds (law R5). */
  firstTextMs: number
  /** The longest silence between two bytes: reasoning and keep-alives are life. */
  silenceMs: number
  /** The longest an answer may take. */
  answerMs: number
}

export const defaultTimings: Timings = { firstTextMs: 60_000, silenceMs: 60_000, answerMs: 300_000 }

/** What the conversation so far says about the question to be answered. */
export interface ReplyContext {
  /** As given: ascending, the newest question among them. */
  messages: StoredMessage[]
  question: Question
  history: Turn[]
  /** Of the newest question, else of the conversation. */
  choice: ModelChoice
  /** There are other answers to it: another one is wanted. */
  isRegenerated?: boolean
  /** Whose memories and own providers the answer may use; null where somebody else reads it first. */
  personId: string | null
  /** In whose budget the answer counts. */
  askedBy: string | null
  /** Of the newest question. */
  requestId: string | null
}

/** Tokens of earlier turns in a prompt. */
const historyTokens = 3000

/**
 * The question is everything the visitor said since the last answered question: several are answered together. What a
 * person said answers everything before it; a system message that replies to a question (a request for a person) that one.
 * @param found ascending, the newest question among them
 * @param head of their conversation, where it is known
 */
export function readReplyContext(found: StoredMessage[], head: Partial<ConversationRow>): ReplyContext {
  const { language = 'en', context = {} } = head
  const messages = found.filter(({ removed }) => removed !== 'retracted')
  const answered = messages.reduce((last, { role, in_reply_to }, index) => {
    if (role === 'agent') return index
    return role === 'user'
      ? last
      : Math.max(
          last,
          messages.findIndex(message => message.id === in_reply_to),
        )
  }, -1)
  const open = messages.filter((message, index) => message.role === 'user' && index > answered)
  const before = messages.filter(message => !open.includes(message) && message.content !== '')
  const newest = open.at(-1)
  const turns = before.flatMap((message): Turn[] => {
    if (message.role === 'system') return []
    if (message.role === 'user') return [{ role: 'user', text: message.content }]
    const by =
      message.role === 'agent' ? `[${message.author?.name ?? 'A colleague'}, a person of the shop] ` : ''
    return [{ role: 'assistant', text: by + knownText(message) }]
  })
  return {
    messages,
    question: {
      text: open.map(messageText).join('\n'),
      earlier: before.filter(message => message.role === 'user').map(message => message.content),
      language,
      context: { ...context, ...newest?.asked?.context },
      uploads: messages.flatMap(({ attachments, ...message }) =>
        attachments
          .filter(({ extracted }) => extracted)
          .map(({ id }) => ({ id, now: open.some(one => one.id === message.id) })),
      ),
    },
    history: trimHistory(turns, historyTokens),
    choice: newest?.asked?.provider_id ? newest.asked : { provider_id: head.provider_id, model: head.model },
    personId: head.person_id ?? null,
    askedBy: head.person_id ?? null,
    requestId: newest?.asked?.request_id ?? null,
  }
}

/** What somebody listened to and stopped was not heard to its end: what comes next must not rest on the rest of it. */
function knownText({ content, heard_text }: StoredMessage): string {
  return heard_text === null ? content : `${heard_text.trimEnd()} … [interrupted: the rest was not heard]`
}

export interface GenerateOptions {
  onText(text: string): void
  /** The text so far does not count. */
  onRetract?(): void
  signal: AbortSignal
  timings: Timings
}

/** Runs one model to its end, or throws: ModelError when it fails or is too slow, the signal's reason when aborted. */
export async function generateWith(
  model: ChatModel,
  request: ChatRequest,
  { onText, onRetract, signal, timings }: GenerateOptions,
): Promise<TokenCount> {
  const timeouts = createTimeouts(timings)
  // Not AbortSignal.any: what listens to a combined signal is kept for good (nodejs/node #54614).
  const forwardAbort = () => timeouts.abort(signal.reason)
  signal.addEventListener('abort', forwardAbort)
  let text = ''
  let isOver = false
  const aborted = new Promise<never>((_resolve, reject) => {
    const stop = () => {
      isOver = true
      reject(timeouts.signal.reason)
    }
    timeouts.signal.addEventListener('abort', stop, { once: true })
  })
  try {
    signal.throwIfAborted()
    const generating = model.answer(
      {
        ...request,
        onActivity: timeouts.touch,
        onRetract() {
          if (isOver) return
          text = ''
          onRetract?.()
        },
      },
      chunk => {
        if (isOver) return
        timeouts.touch()
        text += chunk
        onText(chunk)
      },
      timeouts.signal,
    )
    // A model that ignores its signal must not hold the answer.
    const tokens = await Promise.race([generating, aborted])
    return tokens ?? estimateUse(request, text)
  } catch (error) {
    if (signal.aborted) throw signal.reason
    if (timeouts.signal.aborted) throw timeouts.signal.reason
    throw error instanceof ModelError ? error : new ModelError('The model failed.', { cause: error })
  } finally {
    // Its last words may still be on their way: what readers were shown by now is what is stored.
    isOver = true
    timeouts.stop()
    signal.removeEventListener('abort', forwardAbort)
    aborted.catch(() => {})
  }
}

function createTimeouts({ firstTextMs, silenceMs, answerMs }: Timings) {
  const expiry = new AbortController()
  const expire = () => expiry.abort(new ModelError('The model did not answer in time.'))
  const whole = setTimeout(expire, answerMs)
  let silenceTimer = setTimeout(expire, firstTextMs)
  let activeAt: number | null = null
  /** Rather than a timer set anew for each text: one that looks, when it rings, whether it was set too early. */
  function awaitActivity(leftMs: number): void {
    silenceTimer = setTimeout(() => {
      const left = silenceMs - (performance.now() - activeAt!)
      if (left > 0) awaitActivity(left)
      else expire()
    }, leftMs)
  }
  return {
    signal: expiry.signal,
    abort: (reason: unknown) => expiry.abort(reason),
    touch() {
      const first = activeAt === null
      activeAt = performance.now()
      if (!first) return
      clearTimeout(silenceTimer)
      awaitActivity(silenceMs)
    },
    stop() {
      clearTimeout(whole)
      clearTimeout(silenceTimer)
    },
  }
}
