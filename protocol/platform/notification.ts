import * as v from 'valibot'
import { event, type Operations, operation } from '../core/operation.ts'
import { author, id, page, paging, time } from '../core/shapes.ts'

const staff = ['agent'] as const

export const notification = v.object({
  id,
  kind: v.pipe(
    v.picklist(['mention']),
    v.description('`mention`: a note in that conversation names the reader'),
  ),
  conversation_id: v.nullable(id),
  author: v.nullable(author),
  text: v.nullable(v.string()),
  created_at: time,
  read_at: v.nullable(time),
})
export type Notification = v.InferOutput<typeof notification>

export const notificationOperations = {
  'notification:list': operation({
    summary: 'What the caller should see, newest first, and how much of all of it is unread.',
    role: 'agent',
    access: 'self',
    namespaces: staff,
    example: { unread: true },
    input: v.object({ ...paging, unread: v.optional(v.boolean()) }),
    output: v.object({ ...page(notification).entries, unread: v.number() }),
    http: [{ method: 'GET', path: '/notifications' }],
  }),
  'notification:read': operation({
    summary: 'The caller has seen these; without ids, all.',
    role: 'agent',
    access: 'self',
    namespaces: staff,
    rate: 'message',
    example: {},
    input: v.object({ notification_ids: v.optional(v.pipe(v.array(id), v.maxLength(100))) }),
    output: v.object({ unread: v.number() }),
    http: [{ method: 'POST', path: '/notifications/read' }],
  }),
} satisfies Operations

export const notificationEvents = {
  'notification:created': event({
    summary: 'Something for this person. What was missed is in `notification:list`.',
    durable: false,
    namespaces: staff,
    payload: v.object({ notification }),
  }),
}
