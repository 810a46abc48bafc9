import type { LetterWords } from './letters.ts'

const roles: Readonly<Record<string, string>> = {
  visitor: 'visitors',
  user: 'customers with an account',
  agent: 'agents',
  admin: 'administrators',
  super_admin: 'owners',
}

function amountLabel(amount: number, currency: string | null): string {
  return currency === null
    ? amount.toLocaleString('en-GB')
    : amount.toLocaleString('en-GB', { style: 'currency', currency, currencyDisplay: 'narrowSymbol' })
}

export const en: LetterWords = {
  signIn: ({ code, minutes }) => [
    'Your code',
    `Your code is ${code}.

Enter it in the window where you asked for it. It works once and expires in ${minutes} minutes.

Didn't ask for a code? Someone probably typed your address by mistake. You can ignore this e-mail. Please don't share the code with anyone.`,
  ],
  noCode: [
    'Sign in with your password',
    `Someone asked for a sign-in code for this address. This account signs in with a password, so we didn't send one.

Wasn't you? You can ignore this e-mail.`,
  ],
  reset: ({ code, link, minutes }) => [
    'Reset your password',
    `Someone asked to reset the password for this address. To choose a new one, open this link:

${link}

If the link doesn't work, enter this code where you asked for it:

${code}

Both work once and expire in ${minutes} minutes.

Wasn't you? Ignore this e-mail and your password stays the same.`,
  ],
  noAccount: [
    'No account for this address',
    `Someone asked to reset the password for this address, but there is no account with it.

Wasn't you? You can ignore this e-mail.`,
  ],
  invite: ({ code, link, hours }) => [
    'You have been invited',
    `An account has been created for you. To choose your password, open this link:

${link}

If the link doesn't work, choose “Forgotten password?” on the sign-in page and enter your e-mail address and this code:

${code}

Both work once and expire in ${hours} hours.`,
  ],
  budget: ({ scope, subject, period, currency, spent, amount, link }) => [
    'A budget is almost used up',
    `${Math.floor((spent / amount) * 100)}% of the budget for ${
      scope === 'role' ? roles[subject!] : (subject ?? 'all models')
    } is used: ${amountLabel(spent, currency)} of ${amountLabel(amount, currency)}${currency === null ? ' tokens' : ''} ${
      period === 'day' ? 'today' : 'this month'
    }.

To see or change the budget, open this link:

${link}`,
  ],
  ending: ({ documents, link }) => [
    documents.length === 1 ? 'A document is about to expire' : 'Documents are about to expire',
    `Once these dates have passed, answers will no longer use:

${documents.map(({ title, valid_until }) => `- ${title} (${valid_until})`).join('\n')}

To replace a document or extend its dates, open this link:

${link}`,
  ],
  transcript: text => ['Your conversation with us', text],
  test: ['Test e-mail from Parley', 'This e-mail arrived, so outgoing mail is working.'],
}
