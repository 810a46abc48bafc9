import type { Language } from '#protocol'

/** A mail before it is sealed. */
export interface Letter {
  to: string
  subject: string
  text: string
  /** It opens a staff account. */
  staff: boolean
}

const words = {
  en: {
    signIn: (code: string, minutes: number) => [
      'Your code',
      `Your code is ${code}. It works once, within ${minutes} minutes, in the window you asked for it.\n\n` +
        'If you did not ask for it, somebody else typed your address: do nothing, and tell the code to nobody.',
    ],
    noCode: [
      'Sign in with your password',
      'Somebody asked for a sign-in code for this address. The account it belongs to signs in with its password only.\n\n' +
        'If it was not you, do nothing.',
    ],
    reset: (code: string, minutes: number) => [
      'A new password',
      `Somebody asked for a new password for this address. To set one, enter this code where you were asked for it:\n\n${code}\n\n` +
        `It works once, within ${minutes} minutes. If it was not you, do nothing: your password stays as it is.`,
    ],
    noAccount: [
      'No account here',
      'Somebody asked for a new password for this address, but there is no account with it.\n\nIf it was not you, do nothing.',
    ],
    invite: (code: string, hours: number) => [
      'You are invited',
      `An account was made for you. To choose its password, enter your address and this code under “Forgotten password”:\n\n${code}\n\n` +
        `It works once, within ${hours} hours.`,
    ],
    transcript: (text: string) => ['Your conversation with us', text],
  },
  zh: {
    signIn: (code: string, minutes: number) => [
      '您的验证码',
      `您的验证码是 ${code},${minutes} 分钟内有效,仅可在您请求验证码的窗口中使用一次。\n\n如果不是您本人操作,请忽略本邮件,也不要把验证码告诉任何人。`,
    ],
    noCode: [
      '请使用密码登录',
      '有人为此邮箱请求了登录验证码。该邮箱所属的账号只能使用密码登录。\n\n如果不是您本人操作,请忽略本邮件。',
    ],
    reset: (code: string, minutes: number) => [
      '设置新密码',
      `有人为此邮箱请求设置新密码。如需设置,请在相应窗口输入以下代码:\n\n${code}\n\n${minutes} 分钟内有效,仅可使用一次。如果不是您本人操作,请忽略本邮件,您的密码不会改变。`,
    ],
    noAccount: [
      '没有对应的账号',
      '有人为此邮箱请求设置新密码,但该邮箱没有对应的账号。\n\n如果不是您本人操作,请忽略本邮件。',
    ],
    invite: (code: string, hours: number) => [
      '邀请您使用账号',
      `已为您创建账号。请在“忘记密码”处输入您的邮箱和以下代码来设置密码:\n\n${code}\n\n${hours} 小时内有效,仅可使用一次。`,
    ],
    transcript: (text: string) => ['您与我们的对话记录', text],
  },
} as const

type Words = Record<Language, Record<keyof (typeof words)['en'], unknown>>
words satisfies Words

const pick = (language: Language | null) => words[language ?? 'en']

interface To {
  to: string
  language: Language | null
  staff?: boolean
}

function letter({ to, staff = false }: To, [subject, text]: readonly string[]): Letter {
  return { to, staff, subject: subject!, text: `${text}\n` }
}

export const letters = {
  signIn: (to: To, code: string, minutes: number) => letter(to, pick(to.language).signIn(code, minutes)),
  noCode: (to: To) => letter(to, pick(to.language).noCode),
  reset: (to: To, code: string, minutes: number) => letter(to, pick(to.language).reset(code, minutes)),
  noAccount: (to: To) => letter(to, pick(to.language).noAccount),
  invite: (to: To, code: string, hours: number) => letter(to, pick(to.language).invite(code, hours)),
  transcript: (to: To, text: string) => letter(to, pick(to.language).transcript(text)),
}
