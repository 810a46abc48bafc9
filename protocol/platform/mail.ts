import * as v from 'valibot'
import { exampleIds } from '../core/example.ts'
import { type Operations, operation } from '../core/operation.ts'
import { id, page, paging, time } from '../core/shapes.ts'

export const mail = v.object({
  id,
  recipient: v.string(),
  subject: v.string(),
  staff: v.pipe(
    v.boolean(),
    v.description('It opens a staff account: only super_admins are shown such mail, others nothing of it'),
  ),
  status: v.pipe(
    v.picklist(['queued', 'sent', 'failed', 'kept']),
    v.description('`kept`: no SMTP server is configured; read it here'),
  ),
  error: v.nullable(v.string()),
  created_at: time,
  updated_at: time,
})

export const mailOperations = {
  'mail:list': operation({
    summary: 'The outbox, newest first.',
    role: 'admin',
    access: 'role',
    example: { page: 1, page_size: 20 },
    input: v.object({ ...paging }),
    output: page(mail),
    http: [{ method: 'GET', path: '/admin/mail' }],
  }),
  'mail:get': operation({
    summary: 'One mail with its text, which is gone once it was sent. Reading it is told in the audit log.',
    role: 'admin',
    access: 'role',
    example: { id: exampleIds.mail_id },
    input: v.object({ id }),
    output: v.object({ mail: v.object({ ...mail.entries, text: v.nullable(v.string()) }) }),
    errors: ['NOT_FOUND'],
    http: [{ method: 'GET', path: '/admin/mail/{id}' }],
  }),
} satisfies Operations
