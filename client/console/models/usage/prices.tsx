import { useState } from 'preact/hooks'
import type { Price } from '#protocol/models/price'
import { type Column, Table } from '../../../ui/table.tsx'
import { useAction, useConsole, useLoaded } from '../../context.ts'
import { EditDialog } from '../../edit-dialog.tsx'
import { NumberField, TextField } from '../../fields.tsx'
import { Empty, Loading } from '../../state.tsx'
import { translator } from './words.ts'

/** One that has no price yet has a model only. */
type Row = Partial<Price> & Pick<Price, 'model'>

/** What each model costs, by the list or the owner. */
export function PriceList() {
  const { session, toasts, t } = useConsole(translator)
  const loaded = useLoaded('price:list', {})
  const [edited, setEdited] = useState<Row | null>(null)
  const { isBusy, run } = useAction()

  async function change(work: Promise<unknown>) {
    await work
    toasts.say(t('saved'))
    loaded.reload()
  }

  const columns: Column<Row>[] = [
    { name: 'model', label: t('model'), cell: ({ model }) => <span class="title">{model}</span> },
    { name: 'input', label: t('input'), kind: 'number', cell: row => rateLabel(row.input, row.currency) },
    {
      name: 'cached',
      label: t('cachedInput'),
      kind: 'number wide',
      cell: row => rateLabel(row.cached_input ?? row.input, row.currency),
    },
    { name: 'output', label: t('output'), kind: 'number', cell: row => rateLabel(row.output, row.currency) },
    {
      name: 'source',
      label: t('source'),
      kind: 'wide',
      cell: ({ source }) =>
        source === undefined ? (
          <span class="tag bad">{t('noPrice')}</span>
        ) : source === 'owner' ? (
          t('owner')
        ) : (
          source
        ),
    },
    {
      name: 'edit',
      label: '',
      kind: 'end',
      cell: row => (
        <span class="row-acts">
          {row.id && (
            <button
              type="button"
              class="button small"
              aria-busy={isBusy}
              onClick={() => void run(() => change(session.call('price:delete', { price_id: row.id! })))}
            >
              {t('endPrice')}
            </button>
          )}
          <button type="button" class="button small" aria-busy={isBusy} onClick={() => setEdited(row)}>
            {t('setPrice')}
          </button>
        </span>
      ),
    },
  ]

  return (
    <section class="card">
      <h2>{t('prices')}</h2>
      <p class="muted">{t('pricesHint')}</p>
      <Loading of={loaded}>
        {({ prices, unpriced }) => {
          const rows: Row[] = [...unpriced.map(model => ({ model })), ...prices]
          if (rows.length === 0) return <Empty title={t('noPrices')} text={t('noPricesText')} />
          return <Table columns={columns} rows={rows} keyOf={({ model }) => model} />
        }}
      </Loading>
      {edited && (
        <PriceDialog
          row={edited}
          onSave={price => change(session.call('price:set', price))}
          onClose={() => setEdited(null)}
        />
      )}
    </section>
  )
}

function rateLabel(rate: number | undefined, currency: string | undefined): string {
  return rate === undefined ? '–' : `${rate} ${currency}`
}

interface PriceDialogProps {
  row: Row
  onSave(price: Pick<Price, 'model' | 'currency' | 'input' | 'cached_input' | 'output'>): Promise<unknown>
  onClose(): void
}

function PriceDialog({ row, onSave, onClose }: PriceDialogProps) {
  const { t } = useConsole(translator)
  const { model, currency = 'USD', input = null, cached_input = null, output = null } = row
  return (
    <EditDialog
      title={t('priceOf', { model })}
      loaded={{ currency, input, cached_input, output }}
      onSave={(_changes, values) =>
        onSave({ model, ...values, input: values.input ?? 0, output: values.output ?? 0 })
      }
      onClose={onClose}
    >
      {(values, change) => (
        <>
          <p class="muted">{t('pricesHint')}</p>
          <NumberField
            label={t('input')}
            value={values.input}
            step="any"
            isRequired
            onNumber={value => change({ input: value })}
          />
          <NumberField
            label={t('cachedInput')}
            hint={t('cachedHint')}
            value={values.cached_input}
            step="any"
            onNumber={value => change({ cached_input: value })}
          />
          <NumberField
            label={t('output')}
            value={values.output}
            step="any"
            isRequired
            onNumber={value => change({ output: value })}
          />
          <TextField
            label={t('currency')}
            hint={t('currencyHint')}
            value={values.currency}
            pattern="[A-Za-z]{3}"
            isRequired
            onText={text => change({ currency: text })}
          />
        </>
      )}
    </EditDialog>
  )
}
