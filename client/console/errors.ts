import type { ErrorCode } from '../sdk/types.ts'
import { fileSentences } from '../ui/attachments.tsx'
import { errorSentence, type Sentence, type VisitorCode } from '../ui/errors.ts'
import type { Language } from '../ui/i18n.ts'

/** A new code does not compile until it has words: here, or among those a visitor can meet. */
const sentences: Record<Exclude<ErrorCode, VisitorCode>, Sentence> = {
  PROVIDER_INACTIVE: ['This assistant is switched off at the moment.', '该助手目前已停用。'],
  INVALID_CREDENTIALS: ['User name or password is wrong.', '用户名或密码错误。'],
  INVALID_CODE: ['That code is not right.', '验证码不正确。'],
  PROVIDER_NOT_ACCESSIBLE: ['This assistant is not open to you.', '您无法使用该助手。'],
  USER_ALREADY_EXISTS: ['There is an account of that name already.', '该账号已存在。'],
  ...fileSentences,
}

export function consoleErrorSentence(code: string, language: Language): string {
  return errorSentence(code, language, sentences)
}
