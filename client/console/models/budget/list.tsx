import './list.css'
import type { Budget } from '#protocol/models/budget'
import { type Language, locale, type Translate } from '../../../ui/i18n.ts'
import type { Column } from '../../../ui/table.tsx'
import { dateTimeLabel } from '../../../ui/time.ts'
import { useConsole, useLoaded } from '../../context.ts'
import { EditableList } from '../../editable.tsx'
import { moneyLabel } from '../../money-label.ts'
import { BudgetFields, type Values, valuesOf } from './fields.tsx'
import { translator, type Words } from './words.ts'

type T = Translate<keyof Words>

/** Where the owner is warned. */
const nearPart = 0.8
/** Models that are named; the others are counted. */
const namedModels = 3

/** What may be spent, and how far each budget is. */
export function BudgetList() {
  const { session, language, t } = useConsole(translator)
  const loaded = useLoaded('budget:list', {})
  const columns: Column<Budget>[] = [
    { name: 'appliesTo', label: t('appliesTo'), cell: budget => <Counted budget={budget} /> },
    { name: 'used', label: t('used'), cell: budget => <Used budget={budget} /> },
    { name: 'atLimit', label: t('atLimit'), kind: 'wide', cell: ({ at_limit }) => t(at_limit) },
    {
      name: 'renews',
      label: t('renews'),
      kind: 'wide',
      cell: ({ resets_at }) => dateTimeLabel(resets_at, language),
    },
  ]
  return (
    <EditableList
      loaded={loaded}
      itemsOf={({ budgets }) => budgets}
      nameOf={budget => nameOf(budget, t)}
      columns={columns}
      head={<h2>{t('budgets')}</h2>}
      words={{ add: t('add'), none: t('none'), noneText: t('noneText') }}
      valuesOf={valuesOf}
      onSave={(id, values) =>
        id === undefined
          ? session.call('budget:create', toInput(values as Values))
          : session.call('budget:update', {
              budget_id: id,
              amount: values.amount ?? undefined,
              at_limit: values.at_limit,
            })
      }
      onDelete={budget_id => session.call('budget:delete', { budget_id })}
      fieldsOf={(values, change, stored) => (
        <>
          <p class="muted">{stored ? titleOf(stored, t) : t('hint')}</p>
          <BudgetFields stored={stored} values={values} change={change} />
        </>
      )}
    />
  )
}

function toInput({ scope, provider_id, role, person_id, unit, currency, amount, ...fields }: Values) {
  return {
    ...fields,
    scope: scope === 'each' ? ('person' as const) : scope,
    provider_id: scope === 'provider' ? provider_id : null,
    role: scope === 'role' ? role : null,
    person_id: scope === 'person' ? person_id : null,
    currency: unit === 'money' ? currency : null,
    amount: amount ?? 0,
  }
}

function nameOf({ scope, role, name }: Budget, t: T): string {
  if (role) return t(role)
  return name ?? t(scope === 'overall' ? 'scope_overall' : 'each')
}

function titleOf(budget: Budget, t: T): string {
  return `${nameOf(budget, t)} · ${periodOf(budget, t)}`
}

function periodOf({ period }: Budget, t: T): string {
  return t(period === 'day' ? 'perDay' : 'perMonth')
}

function usedLabel({ spent, amount, currency }: Budget, t: T, language: Language): string {
  const label = (value: number) =>
    currency === null ? value.toLocaleString(locale(language)) : moneyLabel(value, currency, language)
  const used = { used: label(spent), amount: label(amount) }
  return currency === null ? t('ofTokens', used) : t('ofAmount', used)
}

function Counted({ budget }: { budget: Budget }) {
  const { t } = useConsole(translator)
  const { uncounted_models: uncounted, currency } = budget
  const named = uncounted.slice(0, namedModels).join(', ')
  const left = uncounted.length - namedModels
  return (
    <>
      <span class="title">{nameOf(budget, t)}</span>
      <small class="muted">{periodOf(budget, t)}</small>
      {uncounted.length > 0 && (
        <small class="problem">
          {t('uncounted', {
            models: left > 0 ? t('andMore', { models: named, count: left }) : named,
            currency: currency ?? '',
          })}
        </small>
      )}
    </>
  )
}

function Used({ budget }: { budget: Budget }) {
  const { language, t } = useConsole(translator)
  const { spent, amount, reached_at, scope, person_id } = budget
  const part = amount === 0 ? 1 : Math.min(1, spent / amount)
  const state = reached_at !== null ? 'reached' : part >= nearPart ? 'near' : ''
  return (
    <>
      {usedLabel(budget, t, language)}{' '}
      {state && <span class={`tag ${state === 'reached' ? 'bad' : 'busy'}`}>{t(state)}</span>}
      <div class={`budget-bar ${state}`} aria-hidden="true">
        <i style={{ width: `${part * 100}%` }} />
      </div>
      {scope === 'person' && person_id === null && <small class="muted">{t('eachUsed')}</small>}
    </>
  )
}
