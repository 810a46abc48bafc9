import type { Language, Message } from '#protocol'
import { trimHistory } from '../../answering/prompt/history.ts'
import type { ChatModel, Turn } from '../model.ts'
import { builtinProvider } from '../models.ts'
import { wholeAnswer } from './whole.ts'

const historyTokens = 3000
const lengthMax = 2000

/** Sums a conversation up with the configured model; null where none is configured or it says nothing. @param silenceMs how long it may send nothing @throws ModelError */
export function createSumUp(chat: ChatModel, silenceMs: number) {
  return async function sumUp(
    messages: Message[],
    question: string,
    language: Language,
  ): Promise<string | null> {
    if (chat.provider === builtinProvider) return null
    const turns = messages
      .filter(message => message.role !== 'system' && message.content !== '')
      .map(({ role, content }): Turn => ({ role: role === 'user' ? 'user' : 'assistant', text: content }))
    const request = {
      question: { text: question, earlier: [], language, context: {} },
      history: trimHistory(turns, historyTokens),
      evidence: [],
    }
    return wholeAnswer(chat, request, { lengthMax, silenceMs })
  }
}
