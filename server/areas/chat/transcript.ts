import { type Language, type Message, OperationError } from '#protocol'
import type { transcriptOperations } from '#protocol/chat/transcript'
import type { TranscriptStorage } from '#storage/chat/transcript'
import type { NewMail } from '#storage/platform/outbox'
import { type FindConversation, requireReadable } from '../../core/access.ts'
import type { Handlers } from '../../core/call.ts'
import { messageText } from '../../core/message-text.ts'
import { projectMessage } from '../../core/projection.ts'
import { type Letter, letters } from '../../mail/letters.ts'

export interface TranscriptDeps {
  storage: TranscriptStorage
  findConversation: FindConversation
  /** The newest `limit` messages, ascending. */
  newestMessages(conversationId: string, limit: number): Promise<Message[]>
  mail: { seal(letter: Letter): { mail: NewMail; status: 'queued' | 'kept' }; wake(): void }
}

const messagesMax = 300
const hourMs = 3_600_000

const words = {
  en: {
    you: 'You',
    assistant: 'Assistant',
    agent: 'Our colleague',
    beginning: (day: string) => `Your conversation on ${day}. Times are in UTC.`,
    cut: `Only the latest ${messagesMax} messages are included.`,
  },
  zh: {
    you: '您',
    assistant: '智能助手',
    agent: '客服',
    beginning: (day: string) => `您在 ${day} 的对话。时间为 UTC。`,
    cut: `仅包含最近的 ${messagesMax} 条消息。`,
  },
} as const satisfies Record<Language, unknown>

/** A conversation by mail, for whoever had it. */
export function transcriptArea({ storage, findConversation, newestMessages, mail }: TranscriptDeps) {
  const handlers: Handlers<typeof transcriptOperations> = {
    async 'transcript:send'({ conversation_id, email }, { caller }) {
      const head = await requireReadable(findConversation, conversation_id, {
        ...caller,
        audience: 'visitor',
      })
      const found = await newestMessages(conversation_id, messagesMax + 1)
      const messages = found.filter(({ content, attachments }) => content !== '' || attachments.length > 0)
      if (messages.length === 0) throw new OperationError('CONFLICT', 'There is nothing to send yet.')
      const text = transcriptOf(messages.slice(-messagesMax), head.language, found.length > messagesMax)
      const letter = letters.transcript({ to: email, language: head.language }, text)
      if (!(await storage.send(head, mail.seal(letter))))
        throw new OperationError('RATE_LIMITED', 'Too many e-mails in the last hour; try again later.', {
          retry_after_ms: hourMs,
        })
      mail.wake()
      return null
    },
  }

  return { handlers }
}

/** Plain text, as the visitor saw the conversation. */
function transcriptOf(messages: Message[], language: Language, isCut: boolean): string {
  const say = words[language]
  const parts = messages.map(message => partOf(projectMessage(message, 'visitor'), language))
  const beginning = say.beginning(messages[0]!.created_at.slice(0, 10))
  return [isCut ? `${beginning} ${say.cut}` : beginning, ...parts].join('\n\n')
}

function partOf(message: Message, language: Language): string {
  const { role, author, content, attachments, references, created_at } = message
  if (role === 'system') return `— ${content} —`
  const say = words[language]
  const who = { user: say.you, assistant: say.assistant, agent: author?.name ?? say.agent }[role]
  const files = content === '' ? [] : attachments.map(({ name }) => `  ${name}`)
  const sources = references.map(({ number, title, url }) => `  [${number}] ${title}${url ? ` ${url}` : ''}`)
  return [
    `${who}, ${created_at.slice(0, 16).replace('T', ' ')}`,
    messageText(message),
    ...files,
    ...sources,
  ].join('\n')
}
