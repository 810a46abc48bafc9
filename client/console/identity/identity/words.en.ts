export const en = {
  about: 'Signed-in customers',
  aboutText:
    'Your site can tell the chat who its customer is, so they never have to say. Their conversations follow them to every device, and the desk shows their name. Your server signs who they are with the secret below; no browser ever sees it.',
  secret: 'Secret',
  secretText: 'Keep it on your server, like a password. Looking at it is noted in the audit log.',
  show: 'Show secret',
  hide: 'Hide secret',
  hidden: 'Secret, hidden',
  previousUntil: 'The previous secret still works until {until}.',
  rotate: 'Create a new secret',
  rotateTitle: 'Create a new secret?',
  rotateText:
    'For one more day the old secret works too, so you have time to update your server. After that, customers signed with it are treated as guests.',
  rotated: 'There’s a new secret. Update your server within a day.',
  server: 'On your server',
  serverText:
    'Sign the customer who is logged in. The result holds for one hour; make a new one for each page.',
  page: 'On your page',
  pageText: 'Give the chat what your server signed. Without it, whoever comes is a guest.',
}
