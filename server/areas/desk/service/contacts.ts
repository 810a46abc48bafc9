import { OperationError, toPage } from '#protocol'
import type { Contact, Settings, serviceOperations } from '#protocol/desk/service'
import type { ServiceStorage } from '#storage/desk/service'
import type { NewMail } from '#storage/platform/outbox'
import { type FindConversation, requireReadable } from '../../../core/access.ts'
import { actorOf, type Handlers } from '../../../core/call.ts'
import { newId } from '../../../core/ids.ts'
import type { Letter } from '../../../mail/letters.ts'

export interface ContactDeps {
  storage: Pick<ServiceStorage, 'leaveContact' | 'contacts' | 'settleContact'>
  findConversation: FindConversation
  mail: { seal(letter: Letter): { mail: NewMail; status: 'queued' | 'kept' }; wake(): void }
}

type ContactHandlers = Pick<
  Handlers<typeof serviceOperations>,
  'handoff:contact' | 'contact:list' | 'contact:settle'
>

/** The addresses that visitors leave for an answer later. */
export function contactHandlers(
  { storage, findConversation, mail }: ContactDeps,
  settings: () => Settings,
): ContactHandlers {
  return {
    async 'handoff:contact'({ conversation_id, email, phone, message }, call) {
      await requireReadable(findConversation, conversation_id, call.caller)
      const left = {
        id: newId(),
        conversation_id,
        email: email ?? null,
        phone: phone ?? null,
        message: message ?? null,
      }
      const to = settings().notify_email
      const contact = await storage.leaveContact(left, to ? mail.seal(letterAbout(left, to)) : null)
      if (to) mail.wake()
      return { contact }
    },

    async 'contact:list'(query) {
      const { items, total } = await storage.contacts(query)
      return toPage(items, total, query)
    },

    async 'contact:settle'({ contact_id, done }, call) {
      const contact = await storage.settleContact(contact_id, done, actorOf(call))
      if (!contact) throw new OperationError('NOT_FOUND', 'There is no such address.')
      return { contact }
    },
  }
}

/** For the desk's own mailbox: what to write to whom, and where it was asked. */
function letterAbout(
  { conversation_id, email, phone, message }: Omit<Contact, 'done' | 'created_at'>,
  to: string,
): Letter {
  const lines = [email, phone, '', message, '', `Conversation ${conversation_id}`]
  return {
    to,
    subject: 'A visitor left an address',
    text: lines.filter(line => line !== null).join('\n'),
    staff: false,
  }
}
