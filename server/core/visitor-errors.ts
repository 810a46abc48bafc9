import type { Code, Language, Message } from '#protocol'

type MessageError = NonNullable<Message['error']>

/** What a visitor may be told of an error, by code: never the words of a provider, a host or any other dependency. */
const sentences: Readonly<Record<Language, Readonly<Partial<Record<Code, string>>>>> = {
  en: {
    AI_SERVICE_ERROR: 'The assistant is not available at the moment.',
    INSUFFICIENT_QUOTA: 'The assistant has reached its limit for now. Please try again later.',
    AI_API_ERROR: 'The answer was cut off before its end.',
    INTERNAL_ERROR: 'Something went wrong on our side.',
  },
  zh: {
    AI_SERVICE_ERROR: '助手暂时不可用。',
    INSUFFICIENT_QUOTA: '助手的用量已达上限，请稍后再试。',
    AI_API_ERROR: '回答在结束前被截断了。',
    INTERNAL_ERROR: '服务器出现问题。',
  },
}

/** The one sentence for `code`. */
export function visitorSentence(code: string, language: Language | null): string {
  const known = sentences[language ?? 'en']
  return known[code as Code] ?? known.INTERNAL_ERROR!
}

/** A stored error as visitors see it: without the reason, and with no sentence that is not one of ours. */
export function visitorError({ code, message }: MessageError): MessageError {
  const isOurs = Object.values(sentences).some(known => known[code as Code] === message)
  return { code, message: isOurs ? message : visitorSentence(code, 'en') }
}
