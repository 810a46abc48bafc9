import { io, type Socket } from 'socket.io-client'
import type { Conversation, Message, OperationInput, OperationOutput, Reply } from '#protocol'
import { adminPassword } from '../fixtures/processes.ts'

/** One conversation as the database has it: every event, and what a fresh reader is given. */
export interface Recorded {
  events: { seq: number; event: string; payload: { message?: Message; conversation?: Conversation } }[]
  /** What the events add up to. */
  messages: Message[]
  title: string | null
  snapshot: Message[]
  reads: Record<string, number>
}

/** Reads it through a connection of its own, past every proxy. */
export async function readRecord(
  url: string,
  { token, conversationId }: { token: string; conversationId: string },
): Promise<Recorded> {
  return connected(`${url}/visitor`, token, socket =>
    readWith(input => open(socket, { conversation_id: conversationId, ...input })),
  )
}

/** What staff are told of why answers failed, by message. */
export async function readReasons(
  url: string,
  conversationIds: Iterable<string>,
): Promise<Map<string, string>> {
  const response = await fetch(`${url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password: adminPassword }),
  })
  const { data } = (await response.json()) as { data: { access_token: string } }
  return connected(`${url}/agent`, data.access_token, async socket => {
    const reasons = new Map<string, string>()
    for (const conversation_id of conversationIds) {
      const { events } = await open(socket, { conversation_id, since_seq: 0 })
      for (const { payload } of events as Recorded['events'])
        if (payload.message?.error?.reason) reasons.set(payload.message.id, payload.message.error.reason)
    }
    return reasons
  })
}

async function connected<T>(url: string, token: string, work: (socket: Socket) => Promise<T>): Promise<T> {
  const socket = io(url, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    auth: { protocol: 1, token },
  })
  try {
    await new Promise((resolve, reject) => {
      socket.on('session:ready', resolve)
      socket.on('connect_error', reject)
    })
    return await work(socket)
  } finally {
    socket.disconnect()
  }
}

type Opened = OperationOutput<'conversation:open'>

async function open(socket: Socket, input: OperationInput<'conversation:open'>): Promise<Opened> {
  const reply: Reply<Opened> = await socket.timeout(5000).emitWithAck('conversation:open', input)
  if (reply.success) return reply.data
  throw new Error(`the record cannot be read: ${reply.error.code}`)
}

/** The log and what a fresh reader is given, of the same moment. */
async function readWith(read: (input: { since_seq?: number }) => Promise<Opened>): Promise<Recorded> {
  let log = await read({ since_seq: 0 })
  let fresh = await read({})
  while (fresh.seq !== log.seq) {
    log = await read({ since_seq: 0 })
    fresh = await read({})
  }
  const events = log.events as Recorded['events']
  const messages = new Map<string, Message>()
  let title: string | null = null
  for (const { payload } of events) {
    if (payload.message) messages.set(payload.message.id, payload.message)
    if (payload.conversation) title = payload.conversation.title
  }
  return { events, messages: [...messages.values()], title, snapshot: fresh.messages, reads: fresh.read }
}
