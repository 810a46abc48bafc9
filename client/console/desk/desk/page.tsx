import './desk.css'
import { useEffect, useMemo, useState } from 'preact/hooks'
import { useStore } from '../../../ui/use-store.ts'
import { useConsole } from '../../context.ts'
import { Skeleton } from '../../state.tsx'
import { useTabState } from '../../tab-state.ts'
import { DeskContext, useAttempt, useDesk, useDeskState } from './context.ts'
import type { Desk } from './desk.ts'
import { Keys } from './keys.tsx'
import { type ListName, Lists } from './lists.tsx'
import { Pane } from './pane.tsx'
import { useKeys } from './use-keys.ts'

export function DeskView() {
  const { deskLoader, t } = useConsole()
  const { desk } = useStore(deskLoader)
  useEffect(() => void deskLoader.open(), [deskLoader])
  return desk ? <Opened desk={desk} /> : <Skeleton label={t('loading')} />
}

function Opened({ desk }: { desk: Desk }) {
  const value = useMemo(() => ({ desk, commands: new Map(), listed: { rows: [] } }), [desk])
  return (
    <DeskContext.Provider value={value}>
      <Desktop />
    </DeskContext.Provider>
  )
}

function Desktop() {
  const { desk, t, toasts } = useDesk()
  const { connection, columns, current } = useDeskState()
  const [list, setList] = useTabState<ListName>('list', () =>
    desk.get().mine.length > 0 ? 'mine' : 'waiting',
  )
  const [isHelpOpen, setHelpOpen] = useState(false)
  const attempt = useAttempt()
  const takeNext = () =>
    void attempt(async () => {
      if (!(await desk.takeNext())) toasts.say(t('noneForMe'), 'next')
    })
  useKeys({
    onList: setList,
    onNext: takeNext,
    onHelp: () => setHelpOpen(true),
  })

  return (
    <div class={current !== null ? 'desk has-current' : 'desk'}>
      <Lists shown={list} onShow={setList} onNext={takeNext} onHelp={() => setHelpOpen(true)} />
      <div class="columns">
        {connection !== 'online' && (
          <p class="connection" role="status">
            {t(
              connection === 'ended'
                ? 'connectionEnded'
                : connection === 'reconnecting'
                  ? 'reconnecting'
                  : 'connecting',
            )}
          </p>
        )}
        {columns.length === 0 ? (
          <div class="empty">
            <h2>{t('choose')}</h2>
            <p class="muted">{t('chooseText')}</p>
          </div>
        ) : (
          <div class="panes">
            {columns.map(id => (
              <Pane key={id} id={id} isCurrent={id === current} isAlone={columns.length === 1} />
            ))}
          </div>
        )}
      </div>
      {isHelpOpen && <Keys onClose={() => setHelpOpen(false)} />}
      <p class="hidden" role="status">
        <WaitingAnnouncer />
      </p>
    </div>
  )
}

/** A screen reader hears how many wait whenever that changes. */
function WaitingAnnouncer() {
  const { t } = useDesk()
  const { waiting } = useDeskState()
  return (
    <>
      {t('waiting')}: {waiting.length}
    </>
  )
}
