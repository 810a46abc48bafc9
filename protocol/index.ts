import type { InferOutput } from 'valibot'
import { chatOperations } from './chat/chat.ts'
import { conversationEvents, conversationOperations } from './chat/conversation.ts'
import { memoryOperations } from './chat/memory.ts'
import { messageEvents, messageOperations } from './chat/message.ts'
import { replyEvents, replyOperations } from './chat/reply.ts'
import { speechEvents, speechOperations } from './chat/speech.ts'
import { transcriptOperations } from './chat/transcript.ts'
import { typingEvents, typingOperations } from './chat/typing.ts'
import { uploadOperations } from './chat/upload.ts'
import { voiceEvents, voiceOperations } from './chat/voice.ts'
import type { Reply } from './core/errors.ts'
import type { Input, Namespace, Operation, Output } from './core/operation.ts'
import { deskEvents, deskOperations } from './desk/desk.ts'
import { handoffEvents, handoffOperations } from './desk/handoff.ts'
import { labelOperations } from './desk/label.ts'
import { macroOperations } from './desk/macro.ts'
import { serviceOperations } from './desk/service.ts'
import { viewEvents, viewOperations } from './desk/view.ts'
import { auditOperations } from './identity/audit.ts'
import {
  codeOperations,
  factorOperations,
  identityEvents,
  identityOperations,
  siteOperations,
} from './identity/auth.ts'
import { peopleOperations } from './identity/people.ts'
import { privacyOperations } from './identity/privacy.ts'
import { profileOperations } from './identity/profile.ts'
import { budgetOperations } from './models/budget.ts'
import { priceOperations } from './models/price.ts'
import { providerOperations } from './models/provider.ts'
import { usageOperations } from './models/usage.ts'
import { mailOperations } from './platform/mail.ts'
import { notificationEvents, notificationOperations } from './platform/notification.ts'
import { statisticsOperations } from './platform/statistics.ts'
import { systemEvents, systemOperations } from './platform/system.ts'
import { widgetOperations } from './platform/widget.ts'
import { articleEvents, articleOperations } from './shop/article.ts'
import { catalogueOperations } from './shop/catalogue.ts'
import { evaluationEvents, evaluationOperations } from './shop/evaluation.ts'
import { knowledgeEvents, knowledgeOperations } from './shop/knowledge.ts'
import { productOperations } from './shop/product.ts'
import { questionEvents, questionOperations } from './shop/question.ts'

export * from './core/errors.ts'
export * from './core/features.ts'
export * from './core/operation.ts'
export * from './core/shapes.ts'

/** Sent in the handshake; a client with another one is refused with CLIENT_TOO_OLD. */
export const protocolVersion = 1

export const operations = {
  ...conversationOperations,
  ...messageOperations,
  ...typingOperations,
  ...memoryOperations,
  ...replyOperations,
  ...voiceOperations,
  ...speechOperations,
  ...handoffOperations,
  ...deskOperations,
  ...labelOperations,
  ...macroOperations,
  ...notificationOperations,
  ...serviceOperations,
  ...viewOperations,
  ...chatOperations,
  ...productOperations,
  ...catalogueOperations,
  ...knowledgeOperations,
  ...articleOperations,
  ...questionOperations,
  ...evaluationOperations,
  ...uploadOperations,
  ...transcriptOperations,
  ...identityOperations,
  ...codeOperations,
  ...factorOperations,
  ...siteOperations,
  ...mailOperations,
  ...profileOperations,
  ...peopleOperations,
  ...auditOperations,
  ...privacyOperations,
  ...usageOperations,
  ...priceOperations,
  ...providerOperations,
  ...statisticsOperations,
  ...budgetOperations,
  ...systemOperations,
  ...widgetOperations,
}
export type OperationName = keyof typeof operations

export const events = {
  ...messageEvents,
  ...conversationEvents,
  ...typingEvents,
  ...replyEvents,
  ...voiceEvents,
  ...speechEvents,
  ...handoffEvents,
  ...deskEvents,
  ...viewEvents,
  ...notificationEvents,
  ...knowledgeEvents,
  ...articleEvents,
  ...questionEvents,
  ...evaluationEvents,
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
