import * as v from 'valibot'
import { exampleIds } from '../core/example.ts'
import { type Operations, operation } from '../core/operation.ts'
import { id, mailbox, page, paging, time } from '../core/shapes.ts'

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
  'mail:settings': operation({
    summary: 'How mail goes out. It is set in the environment of the server (`SMTP_URL`, `MAIL_FROM`).',
    role: 'admin',
    access: 'role',
    example: {},
    input: v.object({}),
    output: v.object({
      server: v.pipe(
        v.nullable(v.string()),
        v.description('Host and port; null: mail is kept in the outbox'),
      ),
      from: v.string(),
    }),
    http: [{ method: 'GET', path: '/admin/mail/settings' }],
  }),
  'mail:test': operation({
    summary: 'Send a mail now, past the outbox, and say what the mail server answered.',
    role: 'admin',
    access: 'role',
    rate: 'sign_in',
    example: { to: 'ada@mail.example' },
    input: v.object({ to: mailbox }),
    output: v.object({
      status: v.picklist(['sent', 'failed', 'not_configured']),
      answer: v.pipe(v.nullable(v.string()), v.description('What the mail server said, or why it did not')),
    }),
    http: [{ method: 'POST', path: '/admin/mail/test' }],
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
