import type { Language, PageContext } from '#protocol'
import type { ConversationRow, ConversationStorage } from '#storage/chat/conversation'
import type { NewConversation } from '#storage/chat/open'
import type { Call, Person } from '../../../core/call.ts'
import { newId } from '../../../core/ids.ts'
import { keyReused } from '../../../core/refusals.ts'
import { fingerprintOf } from '../../../realtime/journal/change.ts'

interface OpenInput {
  new?: boolean
  key?: string
  language?: Language
  context?: PageContext
  auto_title?: boolean
}

export type OpenOwn = ReturnType<typeof createOwnOpener>

/** Opens the caller's newest conversation, or with `new` one more. */
export function createOwnOpener({ storage }: { storage: ConversationStorage }) {
  return async (input: OpenInput, caller: Person, call: Call): Promise<ConversationRow> => {
    const fresh = {
      id: newId(),
      personId: caller.id,
      role: caller.role,
      name: caller.name,
      key: input.new ? (input.key ?? null) : null,
      fingerprint: fingerprintOf(
        'conversation:open',
        input.language,
        input.context,
        ...(input.auto_title ? ['auto_title'] : []),
      ),
      language: input.language ?? caller.language ?? 'en',
      context: input.context ?? {},
      autoTitle: input.auto_title === true && input.new === true,
    }
    // Joined before it is there: a conversation that this call makes need not be read again.
    await call.listen(fresh.id)
    try {
      const head = await (input.new ? create(storage, fresh) : storage.openNewest(fresh))
      if (head.id === fresh.id) return head
      call.leave(fresh.id)
      return await joinAndRead(storage, head, call)
    } catch (error) {
      call.leave(fresh.id)
      throw error
    }
  }
}

async function create(storage: ConversationStorage, fresh: NewConversation): Promise<ConversationRow> {
  const { head, fingerprint } = await storage.create(fresh)
  if (fingerprint !== fresh.fingerprint) {
    throw keyReused()
  }
  return head
}

/** Joined first, read second: what happens in between arrives twice rather than never (law D4). */
export async function joinAndRead(
  storage: ConversationStorage,
  head: ConversationRow,
  call: Call,
): Promise<ConversationRow> {
  await call.listen(head.id)
  return (await storage.find(head.id)) ?? head
}
