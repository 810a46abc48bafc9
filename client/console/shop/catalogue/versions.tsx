import { useState } from 'preact/hooks'
import type { OperationOutput } from '#protocol'
import { ConfirmDialog } from '../../../ui/dialog.tsx'
import { type Column, Table } from '../../../ui/table.tsx'
import { dateTimeLabel } from '../../../ui/time.ts'
import { type Loaded, useAction, useConsole } from '../../context.ts'
import { Loading } from '../../state.tsx'
import { translator } from './words.ts'

type VersionPage = OperationOutput<'catalogue:versions'>
type Version = VersionPage['items'][number]

export function Versions({ versions, onRestored }: { versions: Loaded<VersionPage>; onRestored(): void }) {
  const { session, toasts, t } = useConsole(translator)
  const [chosen, setChosen] = useState<Version | null>(null)
  const { isBusy, run } = useAction()

  function answer(isConfirmed: boolean) {
    const version = chosen?.version
    setChosen(null)
    if (!isConfirmed || version === undefined) return
    void run(async () => {
      await session.call('catalogue:restore', { version })
      toasts.say(t('restored', { version }))
      onRestored()
    })
  }

  return (
    <section class="card">
      <h2>{t('versions')}</h2>
      <Loading of={versions}>
        {({ items }) => <VersionTable items={items} isBusy={isBusy} onRestore={setChosen} />}
      </Loading>
      {chosen && (
        <ConfirmDialog
          title={t('restoreTitle', { version: chosen.version })}
          confirm={t('restore')}
          cancel={t('cancel')}
          onAnswer={answer}
        >
          {t('restoreText', { count: chosen.count })}
        </ConfirmDialog>
      )}
    </section>
  )
}

interface TableProps {
  items: Version[]
  isBusy: boolean
  onRestore(version: Version): void
}

function VersionTable({ items, isBusy, onRestore }: TableProps) {
  const { language, t } = useConsole(translator)
  const columns: Column<Version>[] = [
    {
      name: 'version',
      label: t('versionNumber'),
      cell: ({ version, demo }) => (
        <>
          {version} {demo && <span class="tag">{t('demo')}</span>}
        </>
      ),
    },
    { name: 'count', label: t('count'), kind: 'number', cell: ({ count }) => count },
    { name: 'at', label: t('importedAt'), cell: ({ created_at }) => dateTimeLabel(created_at, language) },
    {
      name: 'by',
      label: t('by'),
      kind: 'wide',
      cell: ({ created_by }) => <span class="muted">{created_by}</span>,
    },
    {
      name: 'state',
      label: '',
      kind: 'end',
      cell: item =>
        item.active ? (
          <span class="tag good">{t('active')}</span>
        ) : (
          <button type="button" class="button small" aria-busy={isBusy} onClick={() => onRestore(item)}>
            {t('restore')}
          </button>
        ),
    },
  ]
  return <Table columns={columns} rows={items} keyOf={({ version }) => version} />
}
