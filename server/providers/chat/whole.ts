import type { ChatModel, ChatRequest } from '../model.ts'

/** As long as a reply may take, however much is sent. */
const answerMs = 300_000

export interface WholeAnswerOptions {
  /** In UTF-16 units. */
  lengthMax: number
  /** How long the host may send nothing at all. */
  silenceMs: number
  signal?: AbortSignal
}

/** A model's answer as one text; null where it says nothing. @throws ModelError, a TimeoutError after a silence */
export async function wholeAnswer(
  chat: ChatModel,
  request: ChatRequest,
  { lengthMax, silenceMs, signal }: WholeAnswerOptions,
): Promise<string | null> {
  let text = ''
  const silent = new AbortController()
  const timer = setTimeout(
    () => silent.abort(new DOMException('The model was silent for too long.', 'TimeoutError')),
    silenceMs,
  )
  const limits = [silent.signal, AbortSignal.timeout(answerMs), ...(signal ? [signal] : [])]
  try {
    await chat.answer(
      {
        ...request,
        onActivity: () => timer.refresh(),
        onRetract() {
          text = ''
        },
      },
      chunk => {
        text += chunk
      },
      AbortSignal.any(limits),
    )
  } finally {
    clearTimeout(timer)
  }
  return text.replaceAll('\0', '').trim().slice(0, lengthMax).toWellFormed() || null
}
