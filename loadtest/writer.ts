import type { Caller } from './load.ts'
import { type ConnectOptions, connectSocket, type SocketWire } from './wire.ts'

/**
 * Somebody in a conversation of their own whose first question is being answered: what they say next waits behind that, so
 * that messages alone are measured. Needs a model that goes on for longer than the measurement.
 */
export async function connectWriter(
  url: string,
  content: string,
  { token, localAddress }: { token?: string } & Pick<ConnectOptions, 'localAddress'> = {},
): Promise<Caller & { wire: SocketWire }> {
  const wire = await connectSocket(url, { auth: { protocol: 1, token }, localAddress })
  const { conversation } = await wire.ask<{ conversation: { id: string } }>('conversation:open', {})
  const createInput = () => ({ conversation_id: conversation.id, key: crypto.randomUUID(), content })
  const begun = wire.until('reply:delta')
  await wire.ask('message:send', createInput())
  await begun
  return { wire, frame: () => wire.frame('message:send', createInput()) }
}
