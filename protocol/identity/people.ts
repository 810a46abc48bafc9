import * as v from 'valibot'
import { exampleIds } from '../core/example.ts'
import {
  passwordMaxLength,
  passwordMinLength,
  personNameMaxLength,
  reasonMaxLength,
  usernameMaxLength,
} from '../core/limits.ts'
import { name } from '../core/name.ts'
import { normalizePassword, normalizeUsername } from '../core/normalize.ts'
import { type Operations, operation } from '../core/operation.ts'
import { email, id, page, paging, text, time } from '../core/shapes.ts'

export const accountRole = v.picklist(['user', 'agent', 'admin', 'super_admin'])

/** Without `@`: nobody's user name is another's e-mail address. */
export const username = v.pipe(
  v.string(),
  v.maxLength(4 * usernameMaxLength, `must have at most ${usernameMaxLength} characters`),
  v.transform(normalizeUsername),
  // A mark is a part of the letter before it, where the two have no letter of their own.
  v.regex(
    /^(?:(?!\p{Default_Ignorable_Code_Point})[\p{L}\p{N}._-](?:(?!\p{Default_Ignorable_Code_Point})\p{M})*){2,64}$/u,
    'must be 2 to 64 letters, digits, dots, underscores or hyphens',
  ),
)
/** NIST SP 800-63B: length, no rules on kinds of characters; a bound on what is hashed. */
export const newPassword = v.pipe(
  v.string(),
  v.maxLength(passwordMaxLength, `must have at most ${passwordMaxLength} characters`),
  v.transform(normalizePassword),
  v.minLength(passwordMinLength, `must have at least ${passwordMinLength} characters`),
  v.check(value => new Set(value).size >= 4, 'must have at least 4 different characters'),
)

export const account = v.object({
  id,
  role: accountRole,
  username: v.nullable(v.string()),
  email: v.nullable(v.string()),
  name: v.nullable(v.string()),
  is_active: v.boolean(),
  disabled_reason: v.nullable(v.string()),
  second_factor: v.boolean(),
  created_at: time,
  updated_at: time,
  last_sign_in_at: v.nullable(time),
})

const statistics = v.object({
  total_conversations: v.number(),
  total_messages: v.pipe(v.number(), v.description('In these conversations, whoever wrote them')),
  total_tokens: v.pipe(v.number(), v.description('Of the models that answered them')),
  total_cost: v.pipe(v.number(), v.description('In `currency`')),
  currency: v.pipe(
    v.nullable(v.string()),
    v.description('That of most of the money; null where nothing has a price'),
  ),
})

const invitation = v.pipe(
  v.nullable(
    v.object({
      by_mail: v.pipe(v.boolean(), v.description('Whether a mail brings the code')),
      code: v.pipe(v.nullable(v.string()), v.description('To hand over, where no mail goes out')),
      link: v.pipe(v.nullable(v.string()), v.description('The page that takes the code, with it')),
      expires_at: time,
    }),
  ),
  v.description('For an account without a password'),
)

const counts = v.object({ active: v.number(), disabled: v.number() })

export const peopleOperations = {
  'people:list': operation({
    summary:
      'Accounts, newest first, with what each has talked about and what that cost; `search` is found in user names, e-mail addresses and names.',
    role: 'admin',
    access: 'role',
    example: { role: 'agent', page: 1, page_size: 20 },
    input: v.object({
      ...paging,
      search: v.optional(text(200, 0)),
      role: v.optional(accountRole),
      is_active: v.optional(v.boolean()),
    }),
    output: page(v.object({ ...account.entries, statistics })),
    http: [{ method: 'GET', path: '/admin/users' }],
  }),
  'people:statistics': operation({
    summary: 'How many accounts there are, by role and state.',
    role: 'admin',
    access: 'role',
    example: {},
    input: v.object({}),
    output: v.object({
      ...counts.entries,
      by_role: v.object({ user: counts, agent: counts, admin: counts, super_admin: counts }),
    }),
    http: [{ method: 'GET', path: '/admin/users/statistics' }],
  }),
  'people:create': operation({
    summary: 'Make an account. Nobody makes one above the own role.',
    role: 'admin',
    access: 'role',
    example: { username: 'grace', email: 'grace@shop.example', name: 'Grace', role: 'agent' },
    input: v.object({
      username,
      email,
      name: v.optional(name(personNameMaxLength)),
      password: v.optional(
        v.pipe(newPassword, v.description('With one they can sign in at once; without, a mail invites them')),
      ),
      role: accountRole,
    }),
    output: v.object({ user: account, invitation }),
    errors: ['USER_ALREADY_EXISTS'],
    http: [{ method: 'POST', path: '/admin/users' }],
  }),
  'people:update': operation({
    summary: 'Change an account. A new role ends its open connections; they come back with it.',
    role: 'admin',
    access: 'role',
    example: { id: exampleIds.person_id, name: 'Grace H.' },
    input: v.object({
      id,
      username: v.optional(username),
      email: v.optional(email),
      name: v.optional(v.nullable(name(personNameMaxLength))),
      role: v.optional(accountRole),
    }),
    output: v.object({ user: account }),
    errors: ['NOT_FOUND', 'USER_ALREADY_EXISTS', 'CONFLICT'],
    http: [{ method: 'PUT', path: '/admin/users/{id}' }],
  }),
  'people:set_status': operation({
    summary: 'Disable an account, with a reason, or enable it again. Disabling signs out everywhere.',
    role: 'admin',
    access: 'role',
    example: { id: exampleIds.person_id, is_active: false, reason: 'Left the company' },
    input: v.pipe(
      v.object({ id, is_active: v.boolean(), reason: v.optional(text(reasonMaxLength)) }),
      v.forward(
        v.check(input => input.is_active || input.reason !== undefined, 'is required to disable'),
        ['reason'],
      ),
    ),
    output: v.object({ user: account }),
    errors: ['NOT_FOUND', 'CONFLICT'],
    http: [{ method: 'PUT', path: '/admin/users/{id}/status' }],
  }),
  'people:remove_factor': operation({
    summary: 'Take the second factor from somebody who lost it. Signs them out everywhere.',
    role: 'admin',
    access: 'role',
    example: { id: exampleIds.person_id },
    input: v.object({ id }),
    output: v.object({ user: account }),
    errors: ['NOT_FOUND'],
    http: [{ method: 'DELETE', path: '/admin/users/{id}/second-factor' }],
  }),
} satisfies Operations
