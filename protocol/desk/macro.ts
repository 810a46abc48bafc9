import * as v from 'valibot'
import { exampleIds } from '../core/example.ts'
import { cannedContentMaxLength, macroNameMaxLength, tagsMax } from '../core/limits.ts'
import { name } from '../core/name.ts'
import { type Operations, operation } from '../core/operation.ts'
import { handoff, id, key, text } from '../core/shapes.ts'
import { destination } from './handoff.ts'
import { label } from './label.ts'

const staff = ['agent'] as const

const outcome = v.pipe(
  v.union([v.picklist(['complete', 'snooze']), destination]),
  v.description(
    '`complete`: done; `snooze`: rests until the visitor writes; else where it goes, as `to` of `handoff:release`',
  ),
)

const fields = {
  name: name(macroNameMaxLength),
  content: v.pipe(
    v.nullable(text(cannedContentMaxLength)),
    v.description('Said to the visitor, with the variables of ready-made replies; null: nothing is said'),
  ),
  outcome: v.pipe(v.nullable(outcome), v.description('null: it stays with its agent')),
}

export const macro = v.object({
  id,
  ...fields,
  labels: v.pipe(v.array(label), v.description('Put on the conversation beside the tags it has')),
})
export type Macro = v.InferOutput<typeof macro>

export const macroOperations = {
  'macro:list': operation({
    summary: 'What is done again and again in one: a reply, labels, where the conversation goes.',
    role: 'agent',
    access: 'read',
    namespaces: staff,
    example: {},
    input: v.object({
      conversation_id: v.pipe(v.optional(id), v.description('Its values are put in for the variables')),
    }),
    output: v.object({
      macros: v.array(
        v.object({ ...macro.entries, text: v.pipe(v.nullable(v.string()), v.description('Filled in')) }),
      ),
    }),
    errors: ['CONVERSATION_NOT_FOUND'],
    http: [{ method: 'GET', path: '/admin/macros' }],
  }),
  'macro:save': operation({
    summary: 'Make a macro, or change the one of that id; what is not given stays.',
    role: 'agent',
    access: 'role',
    namespaces: staff,
    example: { name: 'Invoice sent', content: 'Your invoice is on its way.', outcome: 'complete' },
    input: v.pipe(
      v.object({
        macro_id: v.optional(id),
        ...v.partial(v.object(fields)).entries,
        label_ids: v.optional(v.pipe(v.array(id), v.maxLength(tagsMax))),
      }),
      v.forward(
        v.check(
          ({ macro_id, name }) => macro_id !== undefined || name !== undefined,
          'is required for a new one',
        ),
        ['name'],
      ),
    ),
    output: v.object({ macro }),
    errors: ['NOT_FOUND', 'CONFLICT'],
    http: [
      { method: 'POST', path: '/admin/macros' },
      { method: 'PUT', path: '/admin/macros/{macro_id}' },
    ],
  }),
  'macro:delete': operation({
    summary: 'Remove a macro.',
    role: 'agent',
    access: 'role',
    namespaces: staff,
    example: { macro_id: exampleIds.macro_id },
    input: v.object({ macro_id: id }),
    output: v.null(),
    errors: ['NOT_FOUND'],
    http: [{ method: 'DELETE', path: '/admin/macros/{macro_id}' }],
  }),
  'macro:run': operation({
    summary:
      'Do all of a macro in a conversation that one has, or nothing of it. CONFLICT where somebody else has it, or where it would have too many tags.',
    role: 'agent',
    access: 'manage',
    namespaces: staff,
    rate: 'message',
    example: { conversation_id: exampleIds.conversation_id, key: 'm-1', macro_id: exampleIds.macro_id },
    input: v.object({ conversation_id: id, key, macro_id: id }),
    output: v.object({ handoff }),
    errors: ['NOT_FOUND', 'CONVERSATION_NOT_FOUND', 'CONFLICT'],
    http: [{ method: 'POST', path: '/admin/macros/{macro_id}/run', keyed: true }],
  }),
} satisfies Operations
