import { useEffect, useState } from 'preact/hooks'
import { Icon } from '../../../ui/icons.tsx'
import { AssignDialog, BulkCompleteDialog, RefusedDialog, TagDialog } from './bulk-dialogs.tsx'
import { useDesk, useDeskState } from './context.ts'
import type { SelectedRow } from './selecting.ts'
import type { Refused } from './use-bulk.ts'
import './bulk-bar.css'

const actions = [
  { name: 'assign', icon: 'transfer', View: AssignDialog },
  { name: 'tag', icon: 'tag', View: TagDialog },
  { name: 'complete', icon: 'check', View: BulkCompleteDialog },
] as const

/** The rows of the list that is shown. */
export function useListed(rows: readonly SelectedRow[]): void {
  const { listed } = useDesk()
  useEffect(() => {
    listed.rows = rows
  })
}

/** Below a list in which rows are selected: how many they are, and what can be done with them. */
export function BulkBar() {
  const { desk, listed, t } = useDesk()
  const { selected } = useDeskState()
  const [asking, setAsking] = useState<(typeof actions)[number] | null>(null)
  const [refused, setRefused] = useState<Refused[]>([])
  if (!selected) return null
  return (
    <div class="bulk" role="toolbar" aria-label={t('selectRows')}>
      <div class="bulk-line">
        <strong role="status">{t('selected', { count: selected.size })}</strong>
        <button type="button" class="button small quiet" onClick={() => desk.selectAll(listed.rows)}>
          {t('selectAll')}
        </button>
        <button
          type="button"
          class="button quiet leave"
          aria-label={t('leaveSelecting')}
          title={t('leaveSelecting')}
          onClick={() => desk.setSelecting(false)}
        >
          <Icon name="close" size={18} />
        </button>
      </div>
      <div class="bulk-line">
        {actions.map(action => (
          <button
            key={action.name}
            type="button"
            class="button small"
            disabled={selected.size === 0}
            onClick={() => setAsking(action)}
          >
            <Icon name={action.icon} size={16} />
            <span>{t(action.name)}</span>
          </button>
        ))}
      </div>
      {asking && <asking.View selected={selected} onRefused={setRefused} onClose={() => setAsking(null)} />}
      {refused.length > 0 && <RefusedDialog refused={refused} onClose={() => setRefused([])} />}
    </div>
  )
}
