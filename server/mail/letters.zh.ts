import type { LetterWords } from './letters.ts'

const roles: Readonly<Record<string, string>> = {
  visitor: '访客',
  user: '有账号的顾客',
  agent: '客服',
  admin: '管理员',
  super_admin: '所有者',
}

function amountLabel(amount: number, currency: string | null): string {
  return currency === null
    ? amount.toLocaleString('zh-CN')
    : amount.toLocaleString('zh-CN', { style: 'currency', currency, currencyDisplay: 'narrowSymbol' })
}

export const zh: LetterWords = {
  signIn: ({ code, minutes }) => [
    '您的验证码',
    `您的验证码是 ${code}。

请在获取验证码的窗口中输入。验证码 ${minutes} 分钟内有效，仅可使用一次。

如果不是您本人操作，可能是他人误填了您的邮箱，请忽略本邮件，并且不要把验证码告诉任何人。`,
  ],
  noCode: [
    '请使用密码登录',
    `有人为此邮箱请求登录验证码。该账号使用密码登录，因此没有发送验证码。

如果不是您本人操作，请忽略本邮件。`,
  ],
  reset: ({ code, link, minutes }) => [
    '重置密码',
    `有人请求重置此邮箱的密码。请打开以下链接设置新密码：

${link}

如果链接无法打开，请在获取验证码的页面输入：

${code}

链接和验证码 ${minutes} 分钟内有效，仅可使用一次。

如果不是您本人操作，请忽略本邮件，您的密码不会改变。`,
  ],
  noAccount: [
    '此邮箱没有账号',
    `有人请求重置此邮箱的密码，但此邮箱没有对应的账号。

如果不是您本人操作，请忽略本邮件。`,
  ],
  invite: ({ code, link, hours }) => [
    '邀请您加入',
    `已为您创建账号。请打开以下链接设置密码：

${link}

如果链接无法打开，请在登录页点击“忘记密码？”，然后输入您的邮箱和以下验证码：

${code}

链接和验证码 ${hours} 小时内有效，仅可使用一次。`,
  ],
  budget: ({ scope, subject, period, currency, spent, amount, link }) => [
    '预算即将用完',
    `${scope === 'role' ? roles[subject!] : (subject ?? '全部模型')}的预算已用 ${Math.floor((spent / amount) * 100)}%：${
      period === 'day' ? '今天' : '本月'
    }已用 ${amountLabel(spent, currency)}，上限 ${amountLabel(amount, currency)}${currency === null ? ' Token' : ''}。

查看或调整预算，请打开：

${link}`,
  ],
  ending: ({ documents, link }) => [
    '有文档即将到期',
    `以下文档到期后，回答将不再引用：

${documents.map(({ title, valid_until }) => `- ${title}（${valid_until}）`).join('\n')}

替换文档或修改有效期，请打开：

${link}`,
  ],
  transcript: text => ['您与我们的对话记录', text],
  test: ['Parley 测试邮件', '您已收到这封邮件，说明邮件发送正常。'],
}
