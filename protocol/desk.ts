import * as v from 'valibot'
import { note } from './conversation.ts'
import { event, type Operations, operation } from './operation.ts'
import { id, key, reference, text } from './shapes.ts'

const staff = ['agent'] as const
const notFound = ['CONVERSATION_NOT_FOUND'] as const

export const deskOperations = {
  'note:add': operation({
    summary: 'Leave a private note in a conversation; `@name` in it mentions a colleague.',
    role: 'agent',
    namespaces: staff,
    rate: 'message',
    input: v.object({ conversation_id: id, key, content: text(4000) }),
    output: v.object({ note }),
    errors: [...notFound, 'CONFLICT'],
  }),
  'draft:suggest': operation({
    summary: 'What the AI would answer now: to be edited and sent by the agent. Nothing is written.',
    role: 'agent',
    namespaces: staff,
    rate: 'message',
    input: v.object({ conversation_id: id }),
    output: v.object({ text: v.string(), references: v.array(reference) }),
    errors: [...notFound, 'CONFLICT', 'AI_SERVICE_ERROR'],
  }),
} satisfies Operations

export const deskEvents = {
  'note:created': event({
    summary: 'A private note was left in a conversation.',
    durable: false,
    namespaces: staff,
    payload: v.object({ conversation_id: id, note }),
  }),
}
