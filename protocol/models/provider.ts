import * as v from 'valibot'
import { exampleIds } from '../core/example.ts'
import { temperatureMax } from '../core/limits.ts'
import { type Operations, operation } from '../core/operation.ts'
import { id, page, paging, text, time, webAddress } from '../core/shapes.ts'

export const providerTypes = ['openai', 'azure', 'anthropic', 'ollama', 'custom'] as const
export type ProviderType = (typeof providerTypes)[number]
export const providerScopes = ['personal', 'organization'] as const

const modelName = text(200)

const temperature = v.pipe(v.number(), v.minValue(0), v.maxValue(temperatureMax))
const answerTokens = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000))
const contextTokens = v.pipe(v.number(), v.integer(), v.minValue(512), v.maxValue(10_000_000))
const modelNames = v.pipe(v.array(modelName), v.maxLength(100))

export const providerConfig = v.object({
  model: v.pipe(v.optional(modelName), v.description('What is asked where nobody chose another')),
  models: v.pipe(v.optional(modelNames), v.description('Those that may be chosen')),
  temperature: v.optional(temperature),
  max_tokens: v.pipe(v.optional(answerTokens), v.description('The longest answer')),
  context_tokens: v.pipe(
    v.optional(contextTokens),
    v.description('Of Ollama: the window that a model is given'),
  ),
})

/** The same as it is changed: what is null is left to the provider again. */
const configChanges = v.object({
  model: v.nullish(modelName),
  models: v.nullish(modelNames),
  temperature: v.nullish(temperature),
  max_tokens: v.nullish(answerTokens),
  context_tokens: v.nullish(contextTokens),
})

export const provider = v.object({
  id,
  name: v.string(),
  provider_type: v.picklist(providerTypes),
  scope: v.picklist(providerScopes),
  created_by: id,
  api_base_url: v.string(),
  has_key: v.pipe(v.boolean(), v.description('A key is stored; it is never given back')),
  config: providerConfig,
  is_active: v.boolean(),
  priority: v.pipe(
    v.nullable(v.number()),
    v.description(
      'Its place among those that answer for the shop, the least first; null where it answers only who chose it',
    ),
  ),
  problem: v.pipe(
    v.nullable(v.string()),
    v.description('What went wrong when it was asked last; null where nothing did. Shown to who manages it'),
  ),
  created_at: time,
  updated_at: time,
})
export type Provider = v.InferOutput<typeof provider>

const fields = {
  name: text(100),
  api_base_url: v.pipe(v.optional(webAddress(500)), v.description('Where none is given, the provider’s own')),
  api_key: v.pipe(
    v.optional(
      v.nullable(
        v.pipe(
          v.string(),
          v.trim(),
          v.maxLength(500),
          v.check(isHeaderText, 'must be a key of plain characters'),
        ),
      ),
    ),
    v.description('Write only'),
  ),
  config: v.pipe(v.optional(configChanges), v.description('What is not named stays; null takes it out')),
  is_active: v.optional(v.boolean()),
  priority: v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1000)))),
}

function isHeaderText(value: string): boolean {
  return /^[\x21-\x7e]*$/.test(value)
}

const ofProvider = { provider_id: id }
const example = { provider_id: exampleIds.provider_id }

/** Why a provider did not answer, for a sentence in the reader's language. */
export const providerFaults = [
  'key',
  'model',
  'quota',
  'rate',
  'context',
  'filter',
  'timeout',
  'address',
  'down',
  'garbage',
  'other',
] as const
export type ProviderFault = (typeof providerFaults)[number]

export const distribution = v.object({
  id,
  user_id: id,
  user: v.object({ id, username: v.nullable(v.string()), email: v.nullable(v.string()) }),
  distributed_by: id,
  distributor: v.object({ id, username: v.nullable(v.string()), email: v.nullable(v.string()) }),
  distributed_at: time,
  is_active: v.boolean(),
})
export type Distribution = v.InferOutput<typeof distribution>

export const providerOperations = {
  'provider:create': operation({
    summary: 'A provider of models: for oneself, or by an administrator for the organization.',
    role: 'user',
    access: 'self',
    example: {
      name: 'DeepSeek',
      provider_type: 'custom',
      api_base_url: 'https://models.example/v1',
      config: { model: 'test-model' },
    },
    input: v.object({
      ...fields,
      provider_type: v.picklist(providerTypes),
      scope: v.optional(v.picklist(providerScopes), 'personal'),
    }),
    output: provider,
    http: [{ method: 'POST', path: '/providers' }],
  }),
  'provider:list': operation({
    summary: 'The providers that the caller manages: the own, and for administrators the organization’s.',
    role: 'user',
    access: 'self',
    example: { page: 1, page_size: 20 },
    input: v.object({
      scope: v.optional(v.picklist(providerScopes)),
      provider_type: v.optional(v.picklist(providerTypes)),
      is_active: v.optional(v.boolean()),
      ...paging,
    }),
    output: page(provider),
    http: [{ method: 'GET', path: '/providers' }],
  }),
  'provider:available': operation({
    summary:
      'The providers that the caller may ask: the own, and those of the organization that were given to them.',
    role: 'user',
    access: 'self',
    example: { page: 1, page_size: 20 },
    input: v.object({ ...paging }),
    output: page(provider),
    http: [{ method: 'GET', path: '/providers/available' }],
  }),
  'provider:get': operation({
    summary: 'One provider that the caller manages.',
    role: 'user',
    access: 'self',
    example,
    input: v.object(ofProvider),
    output: provider,
    errors: ['NOT_FOUND'],
    http: [{ method: 'GET', path: '/providers/{provider_id}' }],
  }),
  'provider:update': operation({
    summary: 'Changes what is named; a key that is not named stays.',
    role: 'user',
    access: 'self',
    example: { ...example, name: 'DeepSeek', is_active: true },
    input: v.object({ ...ofProvider, ...fields, name: v.optional(fields.name) }),
    output: provider,
    errors: ['NOT_FOUND'],
    http: [{ method: 'PUT', path: '/providers/{provider_id}' }],
  }),
  'provider:delete': operation({
    summary: 'Removes a provider and its key. What it was asked stays in the figures.',
    role: 'user',
    access: 'self',
    example,
    input: v.object(ofProvider),
    output: v.null(),
    errors: ['NOT_FOUND'],
    http: [{ method: 'DELETE', path: '/providers/{provider_id}' }],
  }),
  'provider:test': operation({
    summary: 'Asks it for one word, and says what went wrong.',
    role: 'user',
    access: 'self',
    example,
    input: v.object(ofProvider),
    output: v.object({
      ok: v.boolean(),
      fault: v.nullable(v.picklist(providerFaults)),
      problem: v.pipe(v.nullable(v.string()), v.description('In the provider’s words where it gave any')),
      duration_ms: v.number(),
    }),
    errors: ['NOT_FOUND'],
    rate: 'message',
    http: [{ method: 'POST', path: '/providers/{provider_id}/test' }],
  }),
  'provider:models': operation({
    summary: 'The models that the provider offers, as it lists them.',
    role: 'user',
    access: 'self',
    example,
    input: v.object(ofProvider),
    output: v.object({ models: v.array(v.object({ id: v.string(), name: v.string() })) }),
    errors: ['NOT_FOUND', 'PROVIDER_ERROR'],
    rate: 'message',
    http: [{ method: 'GET', path: '/providers/{provider_id}/models' }],
  }),
  'provider:distribute': operation({
    summary: 'Gives a provider of the organization to single people.',
    role: 'admin',
    access: 'role',
    example: { ...example, user_ids: [exampleIds.person_id] },
    input: v.object({ ...ofProvider, user_ids: v.pipe(v.array(id), v.minLength(1), v.maxLength(500)) }),
    output: v.object({ provider_id: id, distributed_to: v.array(id), distributed_at: time }),
    errors: ['NOT_FOUND', 'CONFLICT'],
    http: [{ method: 'POST', path: '/providers/{provider_id}/distribute' }],
  }),
  'provider:revoke': operation({
    summary: 'Takes it back from somebody.',
    role: 'admin',
    access: 'role',
    example: { ...example, user_id: exampleIds.person_id },
    input: v.object({ ...ofProvider, user_id: id }),
    output: v.null(),
    errors: ['NOT_FOUND'],
    http: [{ method: 'DELETE', path: '/providers/{provider_id}/distribute/{user_id}' }],
  }),
  'provider:distributions': operation({
    summary: 'Who has it, since when and by whom.',
    role: 'admin',
    access: 'role',
    example,
    input: v.object(ofProvider),
    output: v.array(distribution),
    errors: ['NOT_FOUND'],
    http: [{ method: 'GET', path: '/providers/{provider_id}/distributions' }],
  }),
} satisfies Operations
