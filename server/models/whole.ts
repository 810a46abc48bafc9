import type { ChatModel, ChatRequest } from './model.ts'

/** A model's answer as one text of at most `lengthMax` UTF-16 units; null where it says nothing. @throws ModelError */
export async function wholeAnswer(
  chat: ChatModel,
  request: ChatRequest,
  { lengthMax, signal }: { lengthMax: number; signal: AbortSignal },
): Promise<string | null> {
  let text = ''
  await chat.answer(
    {
      ...request,
      onRetract() {
        text = ''
      },
    },
    more => {
      text += more
    },
    signal,
  )
  return text.replaceAll('\0', '').trim().slice(0, lengthMax).toWellFormed() || null
}
