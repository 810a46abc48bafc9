import { createTransport } from 'nodemailer'
import type { NewMail, OutboxStorage } from '#storage/platform/outbox'
import { newId } from '../core/ids.ts'
import type { Log } from '../observability/log.ts'
import type { Sealer } from '../security/encryption.ts'
import { failureOf, smtpProblem } from './failure.ts'
import type { Letter } from './letters.ts'

export interface MailParts {
  storage: OutboxStorage
  sealer: Sealer
  /** None: mail is kept in the outbox, where administrators read it. */
  smtpUrl: string | null
  from: string
  log: Log
}

/** A server that says nothing for so long is not waited for. */
const smtpMs = 10_000
/** Another node may have queued something. */
const outboxPollMs = 30_000

export function createSmtp(url: string) {
  return createTransport({
    url,
    connectionTimeout: smtpMs,
    greetingTimeout: smtpMs,
    socketTimeout: smtpMs,
  })
}

/** Hands a mail to the server. @returns what that said to it */
export async function sendBy(
  transport: ReturnType<typeof createSmtp>,
  from: string,
  { to, subject, text }: Pick<Letter, 'to' | 'subject' | 'text'>,
): Promise<string> {
  // As an object: a quoted local part may hold what separates addresses.
  const { response } = await transport.sendMail({ from, to: { name: '', address: to }, subject, text })
  return response
}

export type Mail = ReturnType<typeof createMail>

/** Mail goes out of the outbox, where the transaction that made it necessary put it: sent once that has committed, or never. */
export function createMail({ storage, sealer, smtpUrl, from, log }: MailParts) {
  const transport = smtpUrl ? createSmtp(smtpUrl) : null
  const server = smtpUrl && new URL(smtpUrl).host

  /** The row for `queueMail`: its text sealed, to be sent once the transaction has committed and `wake` was called. */
  function seal({ to, subject, text, staff }: Letter): { mail: NewMail; status: 'queued' | 'kept' } {
    const id = newId()
    const body = sealer.seal(text, `outbox.body:${id}`)
    return { mail: { id, recipient: to, subject, body, staff }, status: transport ? 'queued' : 'kept' }
  }

  async function sendWaiting(): Promise<void> {
    for (let mail = await storage.claim(); mail && !closed; mail = await storage.claim()) {
      try {
        const text = sealer.open(mail.body, `outbox.body:${mail.id}`)
        await sendBy(transport!, from, { to: mail.recipient, subject: mail.subject, text })
        await storage.sent(mail.id)
        log.info({ mail: mail.id }, 'mail sent')
      } catch (error) {
        const { code, reason, isFinal } = failureOf(error)
        const last = await storage.failed(mail.id, reason, isFinal)
        log.warn({ mail: mail.id, reason: code, last }, 'mail could not be sent')
      }
    }
  }

  /** Past the outbox. @returns what the mail server said to it, or what went wrong; null where there is none */
  async function sendNow(letter: Letter): Promise<{ isSent: boolean; answer: string } | null> {
    if (!transport || !server) return null
    try {
      return { isSent: true, answer: await sendBy(transport, from, letter) }
    } catch (error) {
      return { isSent: false, answer: smtpProblem(error, server) }
    }
  }

  let closed = false
  let timer: NodeJS.Timeout | undefined
  let sending: Promise<void> | null = null

  /** Something was queued. */
  function wake(): void {
    if (closed || !transport) return
    clearTimeout(timer)
    sending ??= sendWaiting()
      .catch(error => log.warn({ error }, 'the outbox could not be read'))
      .then(async () => {
        sending = null
        const next = await storage.nextInMs().catch(() => null)
        if (closed) return
        timer = setTimeout(wake, Math.min(next ?? outboxPollMs, outboxPollMs))
        timer.unref()
      })
  }

  async function close(): Promise<void> {
    closed = true
    clearTimeout(timer)
    await sending
    transport?.close()
  }

  return {
    seal,
    wake,
    close,
    sendNow,
    settings: { server, from },
    open: (mail: { id: string; body: string }) => sealer.open(mail.body, `outbox.body:${mail.id}`),
  }
}
