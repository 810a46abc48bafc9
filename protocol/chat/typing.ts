import * as v from 'valibot'
import { exampleIds } from '../core/example.ts'
import { event, type Operations, operation } from '../core/operation.ts'
import { author, id } from '../core/shapes.ts'

const both = ['visitor', 'agent'] as const

export const typingOperations = {
  'typing:set': operation({
    summary: 'Say that one is writing, or has stopped.',
    role: 'visitor',
    access: 'own',
    namespaces: both,
    example: { conversation_id: exampleIds.conversation_id, typing: true },
    input: v.object({ conversation_id: id, typing: v.boolean() }),
    output: v.null(),
    errors: ['CONVERSATION_NOT_FOUND', 'CONFLICT'],
  }),
} satisfies Operations

export const typingEvents = {
  'typing:changed': event({
    summary: 'Somebody is writing, or has stopped. Forget it after 30 s without renewal.',
    durable: false,
    namespaces: both,
    payload: v.object({
      conversation_id: id,
      author,
      role: v.pipe(
        v.picklist(['visitor', 'agent']),
        v.description('Whose side writes; the other side is told'),
      ),
      typing: v.boolean(),
    }),
  }),
}
