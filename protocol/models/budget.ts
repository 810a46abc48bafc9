import * as v from 'valibot'
import { exampleIds } from '../core/example.ts'
import { type Operations, operation } from '../core/operation.ts'
import { currency, id, text, time } from '../core/shapes.ts'

const staff = ['agent'] as const

const budgetScopes = ['overall', 'provider', 'role', 'person'] as const
const budgetPeriods = ['day', 'month'] as const
const budgetRoles = ['visitor', 'user', 'agent', 'admin', 'super_admin'] as const

const amount = v.pipe(
  v.number(),
  v.minValue(0),
  v.maxValue(100_000_000_000),
  v.description('Of the currency, to six decimals, or tokens'),
)
const atLimit = v.pipe(
  v.picklist(['builtin', 'refuse']),
  v.description('What a question gets then: the built-in answer, or INSUFFICIENT_QUOTA'),
)

export const budget = v.object({
  id,
  scope: v.picklist(budgetScopes),
  provider_id: v.nullable(v.string()),
  role: v.nullable(v.picklist(budgetRoles)),
  person_id: v.pipe(
    v.nullable(id),
    v.description('Null in the scope `person`: the quota of each who is signed in and has none of their own'),
  ),
  name: v.pipe(v.nullable(v.string()), v.description('Of the provider or the person')),
  period: v.picklist(budgetPeriods),
  currency: v.pipe(v.nullable(v.string()), v.description('Null: it counts tokens')),
  amount,
  at_limit: atLimit,
  spent: v.pipe(v.number(), v.description('In this period; of a quota, by whoever has used most of it')),
  reserved: v.pipe(v.number(), v.description('What calls may cost at most that have not ended')),
  reached_at: v.pipe(v.nullable(time), v.description('When a call first found no room in this period')),
  since: v.pipe(time, v.description('When this period began, in the time zone of the shop')),
  resets_at: time,
  uncounted_models: v.pipe(
    v.array(v.string()),
    v.description('Models without a price in its currency: they are asked, and not counted here'),
  ),
  created_at: time,
  updated_at: time,
})
export type Budget = v.InferOutput<typeof budget>

const newBudget = v.pipe(
  v.object({
    scope: v.picklist(budgetScopes),
    provider_id: v.optional(v.nullable(text(80)), null),
    role: v.optional(v.nullable(v.picklist(budgetRoles)), null),
    person_id: v.optional(v.nullable(id), null),
    period: v.picklist(budgetPeriods),
    currency: v.optional(v.nullable(currency), null),
    amount,
    at_limit: v.optional(atLimit, 'builtin'),
  }),
  v.forward(
    v.check(
      ({ scope, provider_id }) => (scope === 'provider') === (provider_id !== null),
      'is for a budget of a provider',
    ),
    ['provider_id'],
  ),
  v.forward(
    v.check(({ scope, role }) => (scope === 'role') === (role !== null), 'is for a budget of a role'),
    ['role'],
  ),
  v.forward(
    v.check(
      ({ scope, person_id }) => scope === 'person' || person_id === null,
      'is for a budget of a person',
    ),
    ['person_id'],
  ),
  v.forward(
    v.check(
      ({ currency, amount }) => currency !== null || Number.isInteger(amount),
      'must be a whole number of tokens',
    ),
    ['amount'],
  ),
)

export const budgetOperations = {
  'budget:list': operation({
    summary: 'What may be spent on models, and how far each budget is.',
    role: 'admin',
    access: 'role',
    namespaces: staff,
    example: {},
    input: v.object({}),
    output: v.object({
      budgets: v.array(budget),
      time_zone: v.pipe(v.string(), v.description('Whose days and months these are')),
    }),
    http: [{ method: 'GET', path: '/admin/budgets' }],
  }),
  'budget:create': operation({
    summary: 'A limit from now on. What was used in this period before counts.',
    role: 'admin',
    access: 'role',
    namespaces: staff,
    example: { scope: 'overall', period: 'month', currency: 'USD', amount: 500 },
    input: newBudget,
    output: v.object({ budget }),
    http: [{ method: 'POST', path: '/admin/budgets' }],
  }),
  'budget:update': operation({
    summary: 'Another limit, or what happens at it. What it counts stays.',
    role: 'admin',
    access: 'role',
    namespaces: staff,
    example: { budget_id: exampleIds.budget_id, amount: 800 },
    input: v.object({
      budget_id: id,
      amount: v.optional(amount),
      at_limit: v.optional(atLimit),
    }),
    output: v.object({ budget }),
    errors: ['NOT_FOUND'],
    http: [{ method: 'PUT', path: '/admin/budgets/{budget_id}' }],
  }),
  'budget:delete': operation({
    summary: 'Removes a limit.',
    role: 'admin',
    access: 'role',
    namespaces: staff,
    example: { budget_id: exampleIds.budget_id },
    input: v.object({ budget_id: id }),
    output: v.null(),
    errors: ['NOT_FOUND'],
    http: [{ method: 'DELETE', path: '/admin/budgets/{budget_id}' }],
  }),
} satisfies Operations
