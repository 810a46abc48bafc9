import * as v from 'valibot'
import type { auditScopes } from '../core/limits.ts'
import { type Operations, operation } from '../core/operation.ts'
import { id, page, paging, text, time } from '../core/shapes.ts'

export type AuditScope = (typeof auditScopes)[number]

export const auditEntry = v.object({
  id,
  at: time,
  scope: v.string(),
  action: v.pipe(v.string(), v.description('The operation, or what came of it: `auth:login_failed`')),
  actor_id: v.pipe(v.nullable(id), v.description('Null for the server itself, and for people not known')),
  actor_role: v.string(),
  address: v.nullable(v.string()),
  request_id: v.nullable(v.string()),
  subject: v.pipe(v.nullable(v.string()), v.description('The id of what it was done to')),
  before: v.unknown(),
  after: v.unknown(),
  actor_name: v.pipe(
    v.nullable(v.string()),
    v.description('As they are called today; null where nothing is left of them'),
  ),
  subject_name: v.nullable(v.string()),
})

const filter = {
  scope: v.optional(text(40)),
  action: v.optional(text(80)),
  person_id: v.optional(v.pipe(id, v.description('Done by this person, or to them'))),
  from: v.optional(time),
  until: v.optional(time),
}

export const auditOperations = {
  'audit:list': operation({
    summary: 'The audit log, newest first: administrative writes, sign-ins, failures, exports.',
    role: 'admin',
    access: 'role',
    example: { page: 1, page_size: 20 },
    input: v.object({ ...filter, ...paging }),
    output: page(auditEntry),
    http: [{ method: 'GET', path: '/admin/logs' }],
  }),
  'audit:download': operation({
    summary: 'The same as CSV, whole.',
    role: 'admin',
    access: 'role',
    example: {},
    input: v.object(filter),
    output: v.any(),
    http: [{ method: 'GET', path: '/admin/logs.csv', response: 'file' }],
  }),
} satisfies Operations
