import * as v from 'valibot'
import { exampleIds } from '../core/example.ts'
import { labelColors, tagMaxLength } from '../core/limits.ts'
import { name } from '../core/name.ts'
import { type Operations, operation } from '../core/operation.ts'
import { id } from '../core/shapes.ts'

const staff = ['agent'] as const

const color = v.picklist(labelColors)

export const label = v.object({
  id,
  name: v.pipe(v.string(), v.description('The tag that it stands for')),
  color,
})
export type Label = v.InferOutput<typeof label>

export const labelOperations = {
  'label:list': operation({
    summary: 'The tags that are offered, with their colours. Any other word may be a tag too.',
    role: 'agent',
    access: 'role',
    namespaces: staff,
    example: {},
    input: v.object({}),
    output: v.object({ labels: v.array(label) }),
    http: [{ method: 'GET', path: '/admin/labels' }],
  }),
  'label:save': operation({
    summary:
      'Make a label, or change the one of that id; what is not given stays. Under a new name it stands on every conversation that had the old one.',
    role: 'admin',
    access: 'role',
    namespaces: staff,
    example: { name: 'Invoice', color: 'blue' },
    input: v.pipe(
      v.object({
        label_id: v.optional(id),
        name: v.optional(name(tagMaxLength)),
        color: v.optional(color),
      }),
      v.forward(
        v.check(
          ({ label_id, name }) => label_id !== undefined || name !== undefined,
          'is required for a new one',
        ),
        ['name'],
      ),
    ),
    output: v.object({ label }),
    errors: ['NOT_FOUND', 'CONFLICT'],
    http: [
      { method: 'POST', path: '/admin/labels' },
      { method: 'PUT', path: '/admin/labels/{label_id}' },
    ],
  }),
  'label:delete': operation({
    summary: 'Remove a label from the list; conversations keep the word.',
    role: 'admin',
    access: 'role',
    namespaces: staff,
    example: { label_id: exampleIds.label_id },
    input: v.object({ label_id: id }),
    output: v.null(),
    errors: ['NOT_FOUND'],
    http: [{ method: 'DELETE', path: '/admin/labels/{label_id}' }],
  }),
} satisfies Operations
