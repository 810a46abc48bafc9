import type { MessageStorage } from '#storage/chat/message'
import { assertMayRead, noSuchMessage } from '../../../core/access.ts'
import type { Call } from '../../../core/call.ts'

/** A message with its conversation. What may not be read looks like what does not exist (law S2). */
export async function messageFor(storage: Pick<MessageStorage, 'find'>, id: string, call: Call) {
  const found = await storage.find(id)
  if (!found) throw noSuchMessage()
  try {
    assertMayRead(found.head, call.caller)
  } catch {
    throw noSuchMessage()
  }
  return found
}
