import * as v from 'valibot'
import { exampleIds } from '../core/example.ts'
import { consent } from '../core/features.ts'
import { consentMaxLength, retentionMaxDays } from '../core/limits.ts'
import { type Operations, operation } from '../core/operation.ts'
import { id, text, time } from '../core/shapes.ts'

const days = v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(retentionMaxDays)))

export const privacySettings = v.object({
  consent: v.object({
    required: v.pipe(v.boolean(), v.description('Ask before anything of a visitor is taken in')),
    text: v.object({ zh: text(consentMaxLength, 0), en: text(consentMaxLength, 0) }),
  }),
  retention_days: v.pipe(
    v.object({ conversations: days, mail: days, audit: days }),
    v.description('How long each kind is kept after its last change; null: until somebody removes it'),
  ),
  mask_for_models: v.pipe(
    v.boolean(),
    v.description('E-mail, phone, card and national id numbers are masked before a model reads them'),
  ),
})
export type PrivacySettings = v.InferOutput<typeof privacySettings>

/** Somebody on whom something is held. */
const heldPerson = v.object({
  id,
  role: v.string(),
  name: v.nullable(v.string()),
  username: v.nullable(v.string()),
  email: v.nullable(v.string()),
  contacts: v.pipe(v.array(v.string()), v.description('Addresses and numbers they left in a chat')),
  conversations: v.number(),
  last_active_at: time,
})
export type HeldPerson = v.InferOutput<typeof heldPerson>

export const privacyOperations = {
  'privacy:consent': operation({
    summary: 'Agree to the wording of that version. Without it, where it is required, nothing can be sent.',
    role: 'anyone',
    access: 'self',
    namespaces: ['visitor'],
    example: { version: '2026-01' },
    input: v.object({ version: text(64) }),
    output: v.object({
      consent,
      token: v.pipe(
        v.nullable(v.string()),
        v.description("The visitor's token where none was sent; send it as bearer next time"),
      ),
    }),
    errors: ['CONFLICT'],
    http: [{ method: 'POST', path: '/privacy/consent' }],
  }),
  'privacy:export': operation({
    summary: 'Everything held on the caller, as one archive (.tar.gz of JSON files).',
    role: 'visitor',
    access: 'self',
    rate: 'sign_in',
    example: {},
    input: v.object({}),
    output: v.any(),
    http: [{ method: 'GET', path: '/privacy/export', response: 'file' }],
  }),
  'privacy:erase': operation({
    summary: 'Erase everything held on the caller, who is signed out by it.',
    role: 'visitor',
    access: 'self',
    rate: 'sign_in',
    example: { confirm: 'erase everything' },
    input: v.object({ confirm: v.literal('erase everything') }),
    output: v.null(),
    errors: ['CONFLICT'],
    http: [{ method: 'POST', path: '/privacy/erase' }],
  }),
  'privacy:find_people': operation({
    summary:
      'On whom something is held, visitors included: by id, or by a part of a name, a user name, an e-mail address or a telephone ' +
      'number. Twenty at most, the latest active first.',
    role: 'admin',
    access: 'role',
    example: { search: 'grace@shop.example' },
    input: v.object({ search: text(200, 2) }),
    output: v.object({ people: v.array(heldPerson) }),
    http: [{ method: 'GET', path: '/admin/privacy/people' }],
  }),
  'privacy:export_person': operation({
    summary: 'Everything held on a person, visitors included, as one archive.',
    role: 'admin',
    access: 'role',
    example: { id: exampleIds.person_id },
    input: v.object({ id }),
    output: v.any(),
    errors: ['NOT_FOUND'],
    http: [{ method: 'GET', path: '/admin/users/{id}/export', response: 'file' }],
  }),
  'privacy:erase_person': operation({
    summary: 'Erase everything held on a person, visitors included.',
    role: 'admin',
    access: 'role',
    example: { id: exampleIds.person_id, reason: 'Asked by mail' },
    input: v.object({ id, reason: text(500) }),
    output: v.null(),
    errors: ['NOT_FOUND', 'CONFLICT'],
    http: [{ method: 'POST', path: '/admin/users/{id}/erase' }],
  }),
  'privacy:settings': operation({
    summary: 'Consent, retention, masking.',
    role: 'admin',
    access: 'role',
    example: {},
    input: v.object({}),
    output: v.object({ settings: privacySettings }),
    http: [{ method: 'GET', path: '/admin/privacy' }],
  }),
  'privacy:set': operation({
    summary: 'Change them. A changed wording is a new version, to be agreed to anew.',
    role: 'admin',
    access: 'role',
    example: {
      consent: { required: false, text: { en: '', zh: '' } },
      retention_days: { conversations: 365, mail: 30, audit: 730 },
      mask_for_models: true,
    },
    input: privacySettings,
    output: v.object({ settings: privacySettings }),
    http: [{ method: 'PUT', path: '/admin/privacy' }],
  }),
} satisfies Operations
