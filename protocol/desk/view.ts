import * as v from 'valibot'
import { tagMaxLength, viewCountMax } from '../core/limits.ts'
import { name } from '../core/name.ts'
import { event, type Operations, operation } from '../core/operation.ts'
import { conversation, handoff, time } from '../core/shapes.ts'

const staff = ['agent'] as const

/** What the desk is looked at by. */
export const viewNames = ['waiting', 'mine', 'team', 'snoozed', 'ai', 'all', 'ended'] as const
export type ViewName = (typeof viewNames)[number]
const viewName = v.picklist(viewNames)

const pageMax = 200

/** A conversation as a view shows it. */
export const viewItem = v.object({
  conversation,
  handoff: v.pipe(v.nullable(handoff), v.description('The present one, or the last')),
  preview: v.pipe(v.nullable(v.string()), v.description("The beginning of the visitor's newest words")),
})
export type ViewItem = v.InferOutput<typeof viewItem>

export const viewOperations = {
  'view:list': operation({
    summary:
      'Conversations of a view, as far as the caller sees them. `waiting` in the order of the queue; the others by the ten minutes of their last ' +
      'change, newest first: `mine` and `team` are with a person, `snoozed` rest with one, `ai` are with the AI and had a word in the last half hour, `all` is every one, ' +
      '`ended` those that a person had or that were closed.',
    role: 'agent',
    access: 'role',
    namespaces: staff,
    example: { view: 'ai', limit: 50 },
    input: v.object({
      view: viewName,
      tag: v.optional(
        v.pipe(name(tagMaxLength), v.description('Only those whose present or last handoff has it')),
      ),
      cursor: v.optional(
        v.pipe(v.string(), v.maxLength(200), v.description('`next_cursor` of the page before')),
      ),
      limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(pageMax)), 50),
    }),
    output: v.object({ items: v.array(viewItem), next_cursor: v.nullable(v.string()) }),
    http: [{ method: 'GET', path: '/admin/views/{view}' }],
  }),
  'view:counts': operation({
    summary: `How many conversations each view has, as far as the caller sees them; ${viewCountMax} stands for as many or more.`,
    role: 'agent',
    access: 'role',
    namespaces: staff,
    example: {},
    input: v.object({}),
    output: v.object({
      counts: v.object(Object.fromEntries(viewNames.map(view => [view, v.number()])) as ViewCounts),
    }),
    http: [{ method: 'GET', path: '/admin/views' }],
  }),
} satisfies Operations

type ViewCounts = { [N in ViewName]: v.NumberSchema<undefined> }

export const viewEvents = {
  'view:changed': event({
    summary:
      'Conversations have changed: a view that is shown is read again. At most once a second from each node, however many changed.',
    durable: false,
    namespaces: staff,
    payload: v.object({ at: time }),
  }),
}
