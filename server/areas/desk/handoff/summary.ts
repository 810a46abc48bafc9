import type { Handoff, Language, Message } from '#protocol'
import { messageText } from '../../../core/message-text.ts'
import { type HandoffDeps, recentMax } from './deps.ts'

const questionsMax = 4
const lineMaxLength = 160

const labels = {
  en: { asked: 'Asked', answered: 'Last answer', none: 'The assistant found no source for it.', colon: ': ' },
  zh: { asked: '问题', answered: '最近的回答', none: '智能助手没有找到依据。', colon: '：' },
} as const satisfies Record<Language, unknown>

/** What a colleague needs to know first, taken from the conversation as it stands: what was asked last, and what came of it. */
export function summarise(messages: Message[], language: Language): string | null {
  const questions = messages
    .filter(message => message.role === 'user' && messageText(message) !== '')
    .slice(-questionsMax)
  const answer = messages.findLast(message => message.role === 'assistant' || message.role === 'agent')
  if (questions.length === 0) return null
  const { asked, answered, none, colon } = labels[language]
  const lines = questions.map(message => `${asked}${colon}${shorten(messageText(message))}`)
  if (answer && answer.content !== '') lines.push(`${answered}${colon}${shorten(answer.content)}`)
  if (answer?.role === 'assistant' && answer.references.length === 0) lines.push(none)
  return lines.join('\n')
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length <= lineMaxLength ? line : `${line.slice(0, lineMaxLength).toWellFormed().trimEnd()}…`
}

/** What a model is asked, with the conversation before it. */
export const summaryQuestion: Readonly<Record<Language, string>> = {
  en: 'Summarise this conversation for a colleague who takes it over, in at most three sentences: what the visitor wants, what was answered, what is open. No greeting.',
  zh: '请为接手的同事用不超过三句话总结这段对话：顾客想要什么，已经回答了什么，还有什么没有解决。不要寒暄。',
}

/** A summary for whoever takes it: at once from the text, and again when a model has written a better one. */
export function createSummaries(deps: HandoffDeps, publishChanged: () => void) {
  return async function updateSummary({ id, conversation_id }: Handoff): Promise<void> {
    try {
      const [messages, head] = await Promise.all([
        deps.newestMessages(conversation_id, recentMax),
        deps.findConversation(conversation_id),
      ])
      const summary = head && summarise(messages, head.language)
      if (!summary) return
      await deps.storage.setSummary(id, summary)
      publishChanged()
      const improved = await deps.sumUp(messages, summaryQuestion[head.language], head.language)
      if (!improved) return
      await deps.storage.setSummary(id, improved)
      publishChanged()
    } catch (error) {
      deps.log.warn({ handoff_id: id, error }, 'no summary')
    }
  }
}
