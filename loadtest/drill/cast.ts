import { io, type Socket } from 'socket.io-client'
import type { Message, OperationInput, OperationName, OperationOutput, Reply } from '#protocol'

/** What of an event's payload the drill looks at. */
export interface ReceivedEvent {
  event: string
  payload: { seq?: number; mode?: string; message?: Message }
}

/** One side of a conversation: a socket that comes and goes, and what it heard. */
export interface Person {
  id: string
  token: string
  received: ReceivedEvent[]
  call<K extends OperationName>(name: K, input: OperationInput<K>): Promise<Reply<OperationOutput<K>>>
  /** @throws Error with the code when it is refused */
  ask<K extends OperationName>(name: K, input: OperationInput<K>): Promise<OperationOutput<K>>
  leave(): void
  /** Comes back under the same token, having heard nothing meanwhile. */
  comeBack(): Promise<void>
}

const callMs = 10_000

export async function enter(url: string, namespace: 'visitor' | 'agent', token?: string): Promise<Person> {
  let socket: Socket
  const person: Person = {
    id: '',
    token: token ?? '',
    received: [],
    async call(name, input) {
      return socket.timeout(callMs).emitWithAck(name, input)
    },
    async ask(name, input) {
      const reply = await person.call(name, input)
      if (!reply.success) throw new Error(`${name} was refused: ${reply.error.code} ${reply.error.message}`)
      return reply.data
    },
    leave: () => void socket.disconnect(),
    comeBack: open,
  }

  async function open(): Promise<void> {
    socket = io(`${url}/${namespace}`, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      auth: { protocol: 1, token: person.token || undefined },
    })
    socket.onAny((event, payload) => person.received.push({ event, payload }))
    await new Promise<void>((resolve, reject) => {
      socket.on('connect_error', reject)
      socket.on('session:ready', ready => {
        person.token = ready.token
        person.id = ready.session.user?.id ?? ''
        resolve()
      })
    })
  }

  await open()
  return person
}

export function messagesOf({ received }: Person): Message[] {
  return received.flatMap(({ event, payload }) =>
    event === 'message:created' || event === 'message:updated' ? [payload.message!] : [],
  )
}
