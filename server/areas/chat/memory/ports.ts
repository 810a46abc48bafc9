import type { Language } from '#protocol'

/** A message that may ask something of the memory, and whose it is. */
export interface CommandingMessage {
  id: string
  conversationId: string
  personId: string
  text: string
  language: Language
  requestId: string | null
}
