import { useState } from 'preact/hooks'
import type { OperationOutput } from '#protocol'
import { ConfirmDialog } from '../ui/dialog.tsx'
import { locale } from '../ui/i18n.ts'
import { type Loaded, useAction, useConsole } from './context.ts'
import { Loading } from './state.tsx'

type VersionPage = OperationOutput<'catalogue:versions'>
type Version = VersionPage['items'][number]

export function Versions({ versions, onRestored }: { versions: Loaded<VersionPage>; onRestored(): void }) {
  const { session, toasts, t } = useConsole()
  const [chosen, setChosen] = useState<Version | null>(null)
  const { isBusy, run } = useAction()

  function answer(isConfirmed: boolean) {
    const version = chosen?.version
    setChosen(null)
    if (!isConfirmed || version === undefined) return
    void run(async () => {
      await session.call(`/admin/products/versions/${version}/restore`, { method: 'POST', body: {} })
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
  const { language, t } = useConsole()
  return (
    <div class="table">
      <table>
        <thead>
          <tr>
            <th>{t('versionNumber')}</th>
            <th class="number">{t('count')}</th>
            <th>{t('importedAt')}</th>
            <th class="wide">{t('by')}</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {items.map(item => (
            <tr key={item.version}>
              <td>
                {item.version} {item.demo && <span class="tag">{t('demo')}</span>}
              </td>
              <td class="number">{item.count}</td>
              <td>
                {new Date(item.created_at).toLocaleString(locale(language), {
                  dateStyle: 'medium',
                  timeStyle: 'short',
                })}
              </td>
              <td class="wide muted">{item.created_by}</td>
              <td class="end">
                {item.active ? (
                  <span class="tag good">{t('active')}</span>
                ) : (
                  <button
                    type="button"
                    class="button small"
                    disabled={isBusy}
                    onClick={() => onRestore(item)}
                  >
                    {t('restore')}
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
