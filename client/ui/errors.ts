import type { ErrorCode } from '../sdk/types.ts'
import type { Language } from './i18n.ts'

/** What to tell a person: [en, zh]. */
export type Sentence = readonly [en: string, zh: string]

/** For the codes a visitor can meet. What is left is in the console, which completes the table. */
const sentences = {
  VALIDATION_ERROR: ['Something in there is not as it should be.', '内容不符合要求，请检查后再试。'],
  UNAUTHORIZED: ['Please sign in again.', '请重新登录。'],
  TOKEN_EXPIRED: ['Your session has run out. Please sign in again.', '会话已过期，请重新登录。'],
  FORBIDDEN: ['This is not allowed for you.', '您没有权限执行此操作。'],
  INSUFFICIENT_QUOTA: ['The allowance is used up.', '可用额度已用完。'],
  NOT_FOUND: ['It is no longer there.', '内容已不存在。'],
  CONVERSATION_NOT_FOUND: ['This conversation no longer exists.', '该对话已不存在。'],
  CONFLICT: ['It was changed in the meantime. Please try again.', '内容已被更改，请重试。'],
  PAYLOAD_TOO_LARGE: ['That is too large.', '内容过大。'],
  REQUEST_TIMEOUT: ['It took too long to send.', '发送超时。'],
  CLIENT_TOO_OLD: ['Please reload the page to go on.', '请刷新页面后继续。'],
  RATE_LIMITED: ['That was a little fast. Please wait a moment.', '操作过于频繁，请稍候。'],
  INTERNAL_ERROR: ['Something went wrong on our side.', '服务器出现问题。'],
  AI_API_ERROR: ['The assistant could not finish its answer.', '助手未能完成回答。'],
  SERVICE_UNAVAILABLE: ['The service is briefly unavailable.', '服务暂时不可用。'],
  AI_SERVICE_ERROR: ['The assistant is not available at the moment.', '助手暂时不可用。'],
  PROVIDER_ERROR: ['The assistant is not available at the moment.', '助手暂时不可用。'],
  NOT_CONFIGURED: ['This has not been set up yet.', '该功能尚未配置。'],
  TIMEOUT: ['The server took too long to answer.', '服务器响应超时。'],
  DISCONNECTED: ['The connection was lost.', '连接已断开。'],
  ABORTED: ['Cancelled.', '已取消。'],
} satisfies Partial<Record<ErrorCode, Sentence>>

export type VisitorCode = keyof typeof sentences

export function errorSentence(code: string, language: Language, more: Record<string, Sentence> = {}): string {
  const known: Record<string, Sentence> = { ...sentences, ...more }
  return (known[code] ?? sentences.INTERNAL_ERROR)[language === 'zh' ? 1 : 0]
}
