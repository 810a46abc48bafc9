import * as v from 'valibot'
import { sessionFeatures } from '../core/features.ts'
import { normalizePassword } from '../core/normalize.ts'
import { event, type Operations, operation } from '../core/operation.ts'
import { email, id, incarnation, text, time, typedCode } from '../core/shapes.ts'
import { newPassword, username } from './people.ts'

export const user = v.object({
  id,
  role: v.picklist(['user', 'agent', 'admin', 'super_admin']),
  username: v.nullable(v.string()),
  email: v.nullable(v.string()),
  name: v.nullable(v.string()),
})
export type User = v.InferOutput<typeof user>

const tokens = {
  access_token: v.string(),
  refresh_token: v.string(),
  token_type: v.literal('bearer'),
  expires_in: v.pipe(v.number(), v.description('Seconds')),
}
const token = v.pipe(v.string(), v.minLength(1), v.maxLength(4096))

const password = v.pipe(v.string(), v.minLength(1), v.maxLength(1024))

export const identityOperations = {
  'auth:register': operation({
    summary: 'Make an account for oneself and sign in.',
    role: 'anyone',
    access: 'role',
    consent: true,
    rate: 'sign_in',
    example: {
      username: 'ada',
      email: 'ada@mail.example',
      password: 'a long enough password',
      confirm_password: 'a long enough password',
    },
    input: v.pipe(
      v.object({ username, email, password: newPassword, confirm_password: v.string() }),
      v.forward(
        v.check(
          input => input.password === normalizePassword(input.confirm_password),
          'must be the same as the password',
        ),
        ['confirm_password'],
      ),
    ),
    output: v.object({ user, ...tokens }),
    errors: ['USER_ALREADY_EXISTS'],
    http: [{ method: 'POST', path: '/auth/register' }],
  }),
  'auth:login': operation({
    summary: 'Sign in with user name or e-mail and password.',
    role: 'anyone',
    access: 'role',
    rate: 'sign_in',
    example: { username: 'ada', password: 'a long enough password' },
    input: v.pipe(
      v.object({
        username: v.optional(text(320)),
        email: v.optional(text(320)),
        password,
        otp: v.optional(
          v.pipe(typedCode, v.description('Of the second factor, or a recovery code, where there is one')),
        ),
      }),
      v.forward(
        v.check(input => (input.username ?? input.email) !== undefined, 'user name or e-mail is required'),
        ['username'],
      ),
    ),
    output: v.object({ user, ...tokens }),
    errors: ['INVALID_CREDENTIALS', 'INVALID_CODE'],
    http: [{ method: 'POST', path: '/auth/login' }],
  }),
  'auth:renew': operation({
    summary:
      'New tokens for a refresh token, which is used up by this: asked again within 10 s, as after a lost answer, it gives the same ' +
      'refresh token; later it ends the session. Keeps an open socket open.',
    role: 'anyone',
    access: 'role',
    namespaces: ['visitor', 'agent'],
    rate: 'sign_in',
    example: { refresh_token: 'the one of the sign-in' },
    input: v.object({ refresh_token: token }),
    output: v.object(tokens),
    errors: ['TOKEN_EXPIRED'],
    http: [{ method: 'POST', path: '/auth/refresh' }],
  }),
  'auth:logout': operation({
    summary: 'End this session: its refresh tokens stop working.',
    role: 'user',
    access: 'self',
    example: {},
    input: v.object({}),
    output: v.null(),
    http: [{ method: 'POST', path: '/auth/logout' }],
  }),
  'auth:me': operation({
    summary: 'Who the token belongs to.',
    role: 'user',
    access: 'self',
    example: {},
    input: v.object({}),
    output: v.object({ user }),
    http: [{ method: 'GET', path: '/auth/me' }],
  }),
  'auth:change_password': operation({
    summary: 'A new password for a known one. Signs out everywhere else; the answer is a new session.',
    role: 'user',
    access: 'self',
    rate: 'sign_in',
    example: { current_password: 'a long enough password', password: 'another long enough password' },
    input: v.object({ current_password: password, password: newPassword }),
    output: v.object({ user, ...tokens }),
    errors: ['INVALID_CREDENTIALS'],
    http: [{ method: 'PUT', path: '/auth/password' }],
  }),
} satisfies Operations

const factorPath = '/auth/second-factor'

export const factorOperations = {
  'auth:begin_factor': operation({
    summary: 'A seed for an app that makes codes; it holds once one of its codes confirmed it.',
    role: 'agent',
    access: 'self',
    example: {},
    input: v.object({}),
    output: v.object({
      secret: v.string(),
      uri: v.string(),
      svg: v.pipe(v.string(), v.description('The URI as a QR code')),
    }),
    errors: ['CONFLICT'],
    http: [{ method: 'POST', path: factorPath }],
  }),
  'auth:confirm_factor': operation({
    summary: 'From now on a sign-in asks for a code. The recovery codes are shown this once.',
    role: 'agent',
    access: 'self',
    rate: 'sign_in',
    example: { code: '482913' },
    input: v.object({ code: typedCode }),
    output: v.object({ recovery_codes: v.array(v.string()) }),
    errors: ['INVALID_CODE'],
    http: [{ method: 'POST', path: `${factorPath}/confirm` }],
  }),
  'auth:remove_factor': operation({
    summary: 'Without a second factor again. Signs out everywhere.',
    role: 'agent',
    access: 'self',
    rate: 'sign_in',
    example: { password: 'a long enough password', code: '482913' },
    input: v.object({ password, code: typedCode }),
    output: v.null(),
    errors: ['INVALID_CREDENTIALS', 'INVALID_CODE'],
    http: [{ method: 'POST', path: `${factorPath}/remove` }],
  }),
} satisfies Operations

/** No line breaks: the fields are joined by them in what the hash is over. PostgreSQL cannot hold NUL. */
const field = (max: number, min = 0) =>
  v.pipe(
    v.string(),
    v.minLength(min, 'must not be empty'),
    v.maxLength(max, `must have at most ${max} characters`),
    v.regex(/^[^\r\n\0]*$/, 'must be on one line'),
  )

/**
 * `auth.identity` of the handshake: who the site says its customer is. Every field stays as it came until the hash over
 * it was checked.
 */
export const siteIdentity = v.object({
  id: v.union([field(200, 1), v.pipe(v.number(), v.safeInteger())]),
  email: v.optional(v.nullable(v.pipe(field(1024), v.description('One that is none is left out')))),
  name: v.optional(v.nullable(v.pipe(field(1024), v.description('Cut to 120 characters')))),
  expires_at: time,
  hash: v.pipe(
    v.string(),
    v.regex(/^[0-9a-f]{64}$/i, 'must be 64 hexadecimal digits'),
    v.description(
      'HMAC-SHA256 with the secret of the installation over id, email, name and expires_at as they are sent, in UTF-8, joined by line feeds; what is absent is empty',
    ),
  ),
})
export type SiteIdentity = v.InferOutput<typeof siteIdentity>

const siteSecret = v.object({
  secret: v.string(),
  previous_until: v.pipe(v.nullable(time), v.description('Until then the one before holds too')),
})

export const siteOperations = {
  'identity:secret': operation({
    summary: 'The secret a site signs its customers with. Reading it is told in the audit log.',
    role: 'admin',
    access: 'role',
    example: {},
    input: v.object({}),
    output: siteSecret,
    http: [{ method: 'GET', path: '/admin/identity-secret' }],
  }),
  'identity:rotate_secret': operation({
    summary: 'A new secret. The one before holds for another day.',
    role: 'admin',
    access: 'role',
    example: {},
    input: v.object({}),
    output: siteSecret,
    http: [{ method: 'POST', path: '/admin/identity-secret/rotate' }],
  }),
} satisfies Operations

const expiry = v.object({ expires_in: v.pipe(v.number(), v.description('Seconds')) })

export const codeOperations = {
  'auth:send_code': operation({
    summary:
      'Mail six digits to sign in with. The answer is the same whether the address is known; the code works for this caller only.',
    role: 'anyone',
    access: 'role',
    consent: true,
    namespaces: ['visitor'],
    rate: 'sign_in',
    example: { email: 'ada@mail.example' },
    input: v.object({ email }),
    output: expiry,
    http: [{ method: 'POST', path: '/auth/send-code' }],
  }),
  'auth:verify': operation({
    summary:
      "Sign in with the code. The open socket is upgraded, and the visitor's conversations become the user's. " +
      'After five wrong ones RATE_LIMITED, which a new code does not lift.',
    role: 'anyone',
    access: 'role',
    namespaces: ['visitor'],
    rate: 'sign_in',
    example: { email: 'ada@mail.example', code: '482913' },
    input: v.object({
      email,
      code: v.pipe(typedCode, v.regex(/^\d{6}$/, 'must be six digits')),
    }),
    output: v.object({ user, ...tokens }),
    errors: ['INVALID_CODE'],
    http: [{ method: 'POST', path: '/auth/verify' }],
  }),
  'auth:forgot_password': operation({
    summary: 'Mail a code that sets a new password. The answer is the same whether the address is known.',
    role: 'anyone',
    access: 'role',
    rate: 'sign_in',
    example: { email: 'ada@mail.example' },
    input: v.object({ email }),
    output: expiry,
    http: [{ method: 'POST', path: '/auth/forgot-password' }],
  }),
  'auth:reset_password': operation({
    summary:
      'Set a password by the code of a reset or an invitation. Signs out everywhere; sign in with it then.',
    role: 'anyone',
    access: 'role',
    rate: 'sign_in',
    example: {
      email: 'ada@mail.example',
      code: '482913',
      password: 'another long enough password',
    },
    input: v.object({ email, code: typedCode, password: newPassword }),
    output: v.null(),
    errors: ['INVALID_CODE'],
    http: [{ method: 'POST', path: '/auth/reset-password' }],
  }),
} satisfies Operations

export const identityEvents = {
  'session:ready': event({
    summary: 'The first event. Keep `token` and send it in the next handshake.',
    durable: false,
    namespaces: ['visitor', 'agent'],
    payload: v.object({
      session: v.object({ id, role: v.string(), user: v.nullable(user) }),
      token: v.string(),
      expires_at: time,
      now: v.pipe(time, v.description('By the clock that `expires_at` and all other times here are of')),
      protocol: v.number(),
      incarnation,
      features: sessionFeatures,
      warnings: v.pipe(
        v.optional(v.array(v.object({ code: v.picklist(['IDENTITY_EMAIL']), message: v.string() }))),
        v.description('For whoever made the page: what of the handshake was left out'),
      ),
    }),
  }),
  'session:ended': event({
    summary: 'The server closes this socket; `code` says why.',
    durable: false,
    namespaces: ['visitor', 'agent'],
    payload: v.object({ code: v.string() }),
  }),
}
