import { useState } from 'preact/hooks'
import type { FieldProblem } from '#protocol'
import type { Provider } from '#protocol/models/provider'
import type { ParleyError } from '../../../sdk/error.ts'
import type { Column } from '../../../ui/table.tsx'
import { useAction, useConsole, useLoaded } from '../../context.ts'
import { EditableList } from '../../editable.tsx'
import { ProviderFields, type Values, valuesOf } from './fields.tsx'
import { PeopleDialog } from './people.tsx'
import { translator } from './words.ts'

/** Whose models answer, in which order. */
export function ProvidersView() {
  const { session, toasts, t } = useConsole(translator)
  const providers = useLoaded('provider:list', { scope: 'organization', page: 1, page_size: 100 })
  const [shared, setShared] = useState<Provider | null>(null)
  const [tested, setTested] = useState<string | null>(null)
  const { run } = useAction()

  function test({ id, name }: Provider) {
    void run(async () => {
      setTested(id)
      const { ok, fault, duration_ms } = await session
        .call('provider:test', { provider_id: id })
        .finally(() => setTested(null))
      if (ok) toasts.say(t('testOk', { name, ms: duration_ms }))
      else toasts.warn(t('testFailed', { name, why: t(`fault_${fault ?? 'other'}`) }))
      providers.reload()
    })
  }

  const columns: Column<Provider>[] = [
    {
      name: 'provider',
      label: t('provider'),
      cell: ({ name, config }) => (
        <>
          <span class="title">{name}</span>
          <small class="muted">{config.model}</small>
        </>
      ),
    },
    { name: 'state', label: '', cell: provider => <State provider={provider} /> },
    {
      name: 'line',
      label: t('line'),
      kind: 'wide',
      cell: ({ priority }) => (priority === null ? t('notInLine') : t('inLine', { place: priority })),
    },
    {
      name: 'test',
      label: '',
      kind: 'end',
      cell: provider => (
        <span class="row-acts">
          <button type="button" class="button small" onClick={() => setShared(provider)}>
            {t('people')}
          </button>
          <button
            type="button"
            class="button small"
            aria-busy={tested === provider.id}
            onClick={() => test(provider)}
          >
            {t(tested === provider.id ? 'testing' : 'test')}
          </button>
        </span>
      ),
    },
  ]

  return (
    <>
      <p class="muted">{t('intro')}</p>
      <EditableList
        loaded={providers}
        itemsOf={({ items }) => items}
        nameOf={({ name }) => name}
        columns={columns}
        head={null}
        words={{ add: t('add'), none: t('none'), noneText: t('noneText') }}
        isMain
        valuesOf={valuesOf}
        onSave={save}
        problemOf={error => isRefusedAddress(error) && t('addressRefused')}
        onDelete={provider_id => session.call('provider:delete', { provider_id })}
        fieldsOf={(values, change, stored) => (
          <ProviderFields stored={stored} values={values} change={change} />
        )}
        isWide
      />
      {shared && <PeopleDialog provider={shared} onClose={() => setShared(null)} />}
    </>
  )

  function save(provider_id: string | undefined, values: Partial<Values>) {
    const fields = {
      ...values,
      api_base_url: values.api_base_url || undefined,
      // An empty field means the one that is stored.
      api_key: values.api_key || undefined,
    }
    return provider_id
      ? session.call('provider:update', { ...fields, provider_type: undefined, provider_id } as never)
      : session.call('provider:create', { ...(fields as Values), scope: 'organization' })
  }
}

/** An address on the server's own network, which nobody may enter without its operator. */
function isRefusedAddress({ code, details }: ParleyError): boolean {
  const [problem] = code === 'VALIDATION_ERROR' && Array.isArray(details) ? (details as FieldProblem[]) : []
  return problem?.field === 'api_base_url'
}

function State({ provider }: { provider: Provider }) {
  const { t } = useConsole(translator)
  if (!provider.is_active) return <span class="tag">{t('inactive')}</span>
  if (provider.problem === null) return <span class="tag good">{t('works')}</span>
  return (
    <>
      <span class="tag bad">{t('fails')}</span>
      <small class="problem">{provider.problem}</small>
    </>
  )
}
