import * as v from 'valibot'
import { exampleIds } from '../core/example.ts'
import { type Operations, operation } from '../core/operation.ts'
import { id, mailbox } from '../core/shapes.ts'

export const transcriptOperations = {
  'transcript:send': operation({
    summary:
      'Have the conversation mailed: who said what, with its sources. Its newest messages, where it is long.',
    role: 'visitor',
    access: 'own',
    consent: true,
    namespaces: ['visitor'],
    rate: 'message',
    example: { conversation_id: exampleIds.conversation_id, email: 'ada@mail.example' },
    input: v.object({
      conversation_id: id,
      email: mailbox,
    }),
    output: v.null(),
    errors: ['CONVERSATION_NOT_FOUND', 'CONFLICT', 'RATE_LIMITED'],
    http: [{ method: 'POST', path: '/conversations/{conversation_id}/transcript' }],
  }),
} satisfies Operations
