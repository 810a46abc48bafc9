import type { InferOutput } from 'valibot'
import { auditOperations } from './audit.ts'
import { catalogueOperations } from './catalogue.ts'
import { chatOperations } from './chat.ts'
import { conversationEvents, conversationOperations } from './conversation.ts'
import { deskEvents, deskOperations } from './desk.ts'
import type { Reply } from './errors.ts'
import { handoffEvents, handoffOperations } from './handoff.ts'
import {
  codeOperations,
  factorOperations,
  identityEvents,
  identityOperations,
  siteOperations,
} from './identity.ts'
import { knowledgeEvents, knowledgeOperations } from './knowledge.ts'
import { mailOperations } from './mail.ts'
import { notificationEvents, notificationOperations } from './notification.ts'
import type { Input, Namespace, Operation, Output } from './operation.ts'
import { peopleOperations } from './people.ts'
import { privacyOperations } from './privacy.ts'
import { replyEvents, replyOperations } from './reply.ts'
import { serviceOperations } from './service.ts'
import { systemEvents, systemOperations } from './system.ts'
import { transcriptOperations } from './transcript.ts'
import { uploadOperations } from './upload.ts'

export * from './errors.ts'
export * from './operation.ts'
export * from './shapes.ts'

/** Sent in the handshake; a client with another one is refused with CLIENT_TOO_OLD. */
export const protocolVersion = 1

export const operations = {
  ...conversationOperations,
  ...replyOperations,
  ...handoffOperations,
  ...deskOperations,
  ...notificationOperations,
  ...serviceOperations,
  ...chatOperations,
  ...catalogueOperations,
  ...knowledgeOperations,
  ...uploadOperations,
  ...transcriptOperations,
  ...identityOperations,
  ...codeOperations,
  ...factorOperations,
  ...siteOperations,
  ...mailOperations,
  ...peopleOperations,
  ...auditOperations,
  ...privacyOperations,
  ...systemOperations,
}
export type OperationName = keyof typeof operations

export const events = {
  ...conversationEvents,
  ...replyEvents,
  ...handoffEvents,
  ...deskEvents,
  ...notificationEvents,
  ...knowledgeEvents,
  ...identityEvents,
  ...systemEvents,
}
export type EventName = keyof typeof events
export type EventPayload<E extends EventName> = InferOutput<(typeof events)[E]['payload']>
export type DurableEventName = {
  [E in EventName]: (typeof events)[E]['durable'] extends true ? E : never
}[EventName]

type On<
  N extends Namespace,
  T extends { namespaces: readonly Namespace[] },
> = N extends T['namespaces'][number] ? true : false

/** socket.io event maps of a namespace: what the client may emit, each acknowledged by a `Reply`. */
export type ClientToServer<N extends Namespace = Namespace> = {
  [K in OperationName as On<N, (typeof operations)[K]> extends true ? K : never]: (
    input: Input<(typeof operations)[K]>,
    acknowledge: (reply: Reply<Output<(typeof operations)[K]>>) => void,
  ) => void
}
export type ServerToClient = { [E in EventName]: (payload: EventPayload<E>) => void }

export type OperationInput<K extends OperationName> = Input<(typeof operations)[K]>
export type OperationOutput<K extends OperationName> = Output<(typeof operations)[K]>

export function findOperation(name: string): Operation | undefined {
  return Object.hasOwn(operations, name) ? (operations as Record<string, Operation>)[name] : undefined
}
