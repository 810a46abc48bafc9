import './desk.css'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { useStore } from '../../../ui/use-store.ts'
import { useConsole } from '../../context.ts'
import { Skeleton } from '../../state.tsx'
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
  const value = useMemo(() => ({ desk, commands: new Map() }), [desk])
  return (
    <DeskContext.Provider value={value}>
      <Desktop />
    </DeskContext.Provider>
  )
}

function Desktop() {
  const { desk, t } = useDesk()
  const { connection, columns, current } = useDeskState()
  const [list, setList] = useState<ListName>(() => (desk.get().mine.length > 0 ? 'mine' : 'waiting'))
  const [isHelpOpen, setHelpOpen] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  const attempt = useAttempt()
  useNotices()
  useKeys({
    root,
    onList: setList,
    onNext: () => void attempt(desk.takeNext),
    onHelp: () => setHelpOpen(true),
  })

  return (
    <div class={current !== null ? 'desk has-current' : 'desk'} ref={root}>
      <Lists shown={list} onShow={setList} onHelp={() => setHelpOpen(true)} />
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

/** What is told in words wherever the agent looks: a threshold passed, a note that mentions them. */
function useNotices(): void {
  const { desk, t, toasts } = useDesk()
  useEffect(() => {
    const { client } = desk
    const leave = [
      client.on('sla:passed', ({ handoff }) => {
        const entries = [...desk.get().waiting, ...desk.get().mine]
        const entry = entries.find(({ id }) => id === handoff.id)
        if (entry)
          toasts.warn(t('overdueNotice', { name: t('visitor', { id: entry.conversation_id.slice(-4) }) }))
      }),
      client.on('notification:created', ({ notification: { author } }) =>
        toasts.say(t('mentionNotice', { name: author?.name ?? t('agent') })),
      ),
    ]
    return () => {
      for (const stop of leave) stop()
    }
  }, [t])
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
