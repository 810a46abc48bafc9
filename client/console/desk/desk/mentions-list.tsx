import { useEffect, useState } from 'preact/hooks'
import type { Notification } from '#protocol/platform/notification'
import { Avatar } from '../../../ui/avatar.tsx'
import { clockLabel, dateLabel } from '../../../ui/time.ts'
import { Empty } from '../../state.tsx'
import { useAttempt, useDesk, useDeskState } from './context.ts'

const pageSize = 50

/** Notes that mention this agent, newest first; opened, one is read. */
export function Mentions() {
  const { desk, t, language } = useDesk()
  const { mentions, connection, current } = useDeskState()
  const attempt = useAttempt()
  const [items, setItems] = useState<Notification[] | null>(null)

  useEffect(() => {
    if (connection !== 'online') return
    void attempt(async () =>
      setItems((await desk.client.call('notification:list', { page_size: pageSize })).items),
    )
  }, [connection, mentions])

  if (!items) return null
  if (items.length === 0) return <Empty title={t('noMentions')} text={t('noMentionsText')} />

  function open({ id, conversation_id, read_at }: Notification) {
    if (conversation_id) desk.show(conversation_id)
    if (!read_at) void attempt(() => desk.readMentions([id]))
  }

  return (
    <ul class="mentions" aria-label={t('mentions')}>
      {items.map(item => (
        <li key={item.id} class={item.conversation_id === current ? 'row current' : 'row'}>
          <button type="button" class="open" data-focus onClick={() => open(item)}>
            <Avatar name={item.author?.name ?? null} />
            <span class="lines">
              <span class="line">
                <strong>{item.author?.name ?? t('agent')}</strong>
                {!item.read_at && <b class="count">{t('fresh')}</b>}
                <time dateTime={item.created_at}>
                  {dateLabel(item.created_at, language)} {clockLabel(item.created_at, language)}
                </time>
              </span>
              <span class="line preview">
                <span>{item.text}</span>
              </span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  )
}
