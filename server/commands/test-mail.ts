import { normalizeMailbox } from '#protocol/core/normalize'
import { StartError } from '#storage/engine/start-error'
import { readConfig } from '../config/config.ts'
import { smtpProblem } from '../mail/failure.ts'
import { letters } from '../mail/letters.ts'
import { createSmtp, sendBy } from '../mail/mail.ts'
import { readArguments, runCommand, UsageError } from './run.ts'

const usage = 'npm run test-mail -- you@shop.example'

/** `npm run test-mail`: one mail by the configured server, past the outbox, with what the server said. */
runCommand(async terminal => {
  const { positionals } = readArguments(usage, { allowPositionals: true })
  const [address] = positionals
  if (!address) throw new UsageError(`Usage: ${usage}`)
  const to = normalizeMailbox(address)
  if (to === null) throw new UsageError(`“${address}” is not an e-mail address. Usage: ${usage}`)
  const { smtpUrl, mailFrom } = readConfig(undefined, [])
  if (smtpUrl === null)
    throw new StartError('SMTP_URL is not set: mail is kept in the outbox, where the console shows it.')
  const { host, protocol } = new URL(smtpUrl)
  const transport = createSmtp(smtpUrl)
  terminal.onEnd(() => transport.close())
  terminal.say(
    `Sending from ${mailFrom} to ${to} by ${host} (${protocol === 'smtps:' ? 'TLS' : 'TLS where it offers it'}) …`,
  )
  const answer = await sendBy(transport, mailFrom, letters.test({ to, language: 'en' })).catch(
    (error: Error) => {
      throw new StartError(smtpProblem(error, host))
    },
  )
  terminal.say(`The server took it: ${answer}`)
})
