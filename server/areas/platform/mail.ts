import { OperationError, roleAtLeast, toPage } from '#protocol'
import type { mailOperations } from '#protocol/platform/mail'
import type { AuditEntry } from '#storage/identity/audit'
import type { OutboxStorage } from '#storage/platform/outbox'
import { actorOf, type Call, type Handlers, personOf } from '../../core/call.ts'
import { letters } from '../../mail/letters.ts'
import type { Mail } from '../../mail/mail.ts'

export interface MailDeps {
  storage: OutboxStorage
  /** Opens its sealed text. */
  open(mail: { id: string; body: string }): string
  recordAudit(entry: AuditEntry): Promise<void>
  sendNow: Mail['sendNow']
  settings: Mail['settings']
}

/** The outbox, as administrators see it. */
export function mailArea({ storage, open, recordAudit, sendNow, settings }: MailDeps) {
  const handlers: Handlers<typeof mailOperations> = {
    async 'mail:list'(query, call) {
      const { items, total } = await storage.list({ ...query, staff: maySeeStaffs(call) })
      return toPage(items, total, query)
    },

    'mail:settings': () => settings,

    async 'mail:test'({ to }, call) {
      await recordAudit({ actor: actorOf(call), scope: 'mail', action: 'mail:test', subject: null })
      const result = await sendNow(letters.test({ to, language: call.caller.language }))
      if (!result) return { status: 'not_configured', answer: null }
      return { status: result.isSent ? 'sent' : 'failed', answer: result.answer }
    },

    async 'mail:get'({ id }, call) {
      const found = await storage.find(id)
      if (!found || (found.staff && !maySeeStaffs(call)))
        throw new OperationError('NOT_FOUND', 'There is no such mail.')
      const { body, ...mail } = found
      await recordAudit({ actor: actorOf(call), scope: 'mail', action: 'mail:get', subject: id })
      return { mail: { ...mail, text: body === null ? null : open({ id, body }) } }
    },
  }

  return { handlers }
}

/** Who could read the mail that opens an account above the own would have its role. */
function maySeeStaffs(call: Call): boolean {
  return roleAtLeast(personOf(call).role, 'super_admin')
}
