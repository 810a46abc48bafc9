import { useState } from 'preact/hooks'
import type { Budget } from '#protocol/models/budget'
import { useConsole, useLoaded, useSettled } from '../../context.ts'
import { NumberField, SelectField, TextField } from '../../fields.tsx'
import { SearchField } from '../../pages.tsx'
import { personLabel } from '../../person-label.ts'
import { translator } from './words.ts'

const scopes = ['overall', 'provider', 'role', 'each', 'person'] as const
const roles = ['visitor', 'user', 'agent', 'admin', 'super_admin'] as const

export interface Values extends Pick<Budget, 'period' | 'at_limit'> {
  /** A quota for each is a person's without a person. */
  scope: (typeof scopes)[number]
  provider_id: string
  role: (typeof roles)[number]
  person_id: string
  unit: 'money' | 'tokens'
  currency: string
  amount: number | null
}

/** As stored, or as one that is made begins. */
export function valuesOf(budget: Budget | null): Values {
  const isQuota = budget?.scope === 'person' && budget.person_id === null
  return {
    scope: isQuota ? 'each' : (budget?.scope ?? 'overall'),
    provider_id: budget?.provider_id ?? '',
    role: budget?.role ?? 'visitor',
    person_id: budget?.person_id ?? '',
    period: budget?.period ?? 'month',
    unit: budget && budget.currency === null ? 'tokens' : 'money',
    currency: budget?.currency ?? 'USD',
    amount: budget?.amount ?? null,
    at_limit: budget?.at_limit ?? 'builtin',
  }
}

interface FieldsProps {
  values: Values
  change(to: Partial<Values>): void
}

/** @param stored null for a new one: what it counts is settled once it is made */
export function BudgetFields({ stored, values, change }: FieldsProps & { stored: Budget | null }) {
  const { t } = useConsole(translator)
  const { unit, amount, at_limit } = values
  return (
    <>
      {!stored && <CountedFields values={values} change={change} />}
      <NumberField
        label={t('amount')}
        value={amount}
        step={unit === 'money' ? 'any' : undefined}
        isRequired
        onNumber={value => change({ amount: value })}
      />
      <SelectField
        label={t('atLimit')}
        value={at_limit}
        options={[
          ['builtin', t('builtin')],
          ['refuse', t('refuse')],
        ]}
        onSelect={value => change({ at_limit: value })}
      />
    </>
  )
}

/** Whose use counts, for how long, and in what. */
function CountedFields({ values, change }: FieldsProps) {
  const { t } = useConsole(translator)
  const { scope, period, unit, currency } = values
  return (
    <>
      <SelectField
        label={t('appliesTo')}
        value={scope}
        options={scopes.map(name => [name, t(`scope_${name}`)] as const)}
        onSelect={value => change({ scope: value })}
      />
      {scope === 'provider' && <ProviderField values={values} change={change} />}
      {scope === 'role' && (
        <SelectField
          label={t('role')}
          value={values.role}
          options={roles.map(role => [role, t(role)] as const)}
          onSelect={role => change({ role })}
        />
      )}
      {scope === 'person' && <PersonField values={values} change={change} />}
      <SelectField
        label={t('every')}
        value={period}
        options={[
          ['day', t('day')],
          ['month', t('month')],
        ]}
        onSelect={value => change({ period: value })}
      />
      <SelectField
        label={t('countedIn')}
        value={unit}
        options={[
          ['money', t('money')],
          ['tokens', t('tokens')],
        ]}
        onSelect={value => change({ unit: value })}
      />
      {unit === 'money' && (
        <TextField
          label={t('currency')}
          hint={t('currencyHint')}
          value={currency}
          pattern="[A-Za-z]{3}"
          isRequired
          autocomplete="off"
          onText={text => change({ currency: text })}
        />
      )}
    </>
  )
}

/** Those of the organization, and the one that the server was set up with. */
function ProviderField({ values, change }: FieldsProps) {
  const { t } = useConsole(translator)
  const providers = useLoaded('provider:list', { scope: 'organization', page: 1, page_size: 100 })
  const health = useLoaded('system:health', {})
  const own = health.data?.model.provider
  return (
    <RequiredSelect
      label={t('provider')}
      value={values.provider_id}
      options={[
        ...(own && own !== 'builtin' ? [[own, t('ownProvider', { name: own })] as const] : []),
        ...(providers.data?.items ?? []).map(({ id, name }) => [id, name] as const),
      ]}
      onSelect={provider_id => change({ provider_id })}
    />
  )
}

function PersonField({ values, change }: FieldsProps) {
  const { t } = useConsole(translator)
  const [search, setSearch] = useState('')
  const people = useLoaded('people:list', {
    search: useSettled(search),
    is_active: true,
    page: 1,
    page_size: 100,
  })
  return (
    <>
      <div class="toolbar">
        <SearchField label={t('searchPeople')} value={search} onSearch={setSearch} />
      </div>
      <RequiredSelect
        label={t('person')}
        value={values.person_id}
        options={(people.data?.items ?? []).map(
          person => [person.id, personLabel(person) ?? person.id] as const,
        )}
        onSelect={person_id => change({ person_id })}
      />
    </>
  )
}

interface RequiredSelectProps {
  label: string
  /** Empty until something is chosen. */
  value: string
  options: readonly (readonly [value: string, label: string])[]
  onSelect(value: string): void
}

function RequiredSelect({ label, value, options, onSelect }: RequiredSelectProps) {
  const { t } = useConsole(translator)
  return (
    <label class="field">
      {label}
      <select
        class="input select"
        required
        value={value}
        onChange={event => onSelect(event.currentTarget.value)}
      >
        <option value="">{t('choose')}</option>
        {options.map(([option, name]) => (
          <option key={option} value={option}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}
