import { useEffect, useRef } from 'preact/hooks'
import type { Queued } from '#protocol/desk/handoff'
import { Icon } from '../../../ui/icons.tsx'
import { useKeptFocus } from '../../../ui/use-kept-focus.ts'
import { useNow } from '../../../ui/use-now.ts'
import { VirtualList } from '../../../ui/virtual-list.tsx'
import { Empty } from '../../state.tsx'
import { tabSlots } from '../../tab-state.ts'
import { BulkBar, useListed } from './bulk-bar.tsx'
import { labelOf, useDesk, useDeskState } from './context.ts'
import { Mentions } from './mentions-list.tsx'
import { Row } from './row.tsx'
import { useEnded } from './use-ended.ts'
import { Views } from './views.tsx'

export const listNames = ['waiting', 'mine', 'ended', 'mentions', 'views'] as const
/** In the order of the tabs: what a number on the keyboard opens stays the same. */
const tabNames = ['waiting', 'mine', 'views', 'ended', 'mentions'] as const satisfies ListName[]
export type ListName = (typeof listNames)[number]

/** Three lines, where there are marks. */
const rowHeight = 84
/** A waiting time is told in seconds at first. */
const tickMs = 1000

interface Props {
  shown: ListName
  onShow(name: ListName): void
  onNext(): void
  onHelp(): void
}

export function Lists({ shown, onShow, onNext, onHelp }: Props) {
  const { desk, t } = useDesk()
  const { waiting, mine, mentions, unread, selected } = useDeskState()
  const list = useRef<HTMLDivElement>(null)
  useKeptFocus(list)
  // What is selected is of the list that is shown.
  useEffect(() => desk.setSelecting(false), [shown])
  const unreadTotal = Object.values(unread).reduce((sum, count) => sum + count, 0)
  const counts: Record<ListName, number> = {
    waiting: waiting.length,
    mine: awake(mine).length,
    ended: 0,
    mentions,
    views: 0,
  }

  return (
    <section class="lists" aria-label={t('lists')}>
      <div class="list-head">
        <div class="tabs" role="tablist" aria-label={t('lists')}>
          {tabNames.map(name => (
            <button
              key={name}
              type="button"
              role="tab"
              id={`tab-${name}`}
              aria-selected={name === shown}
              aria-controls="list"
              aria-label={name === 'mentions' ? `${t(name)} ${mentions || ''}`.trim() : undefined}
              title={name === 'mentions' ? t(name) : undefined}
              onClick={() => onShow(name)}
            >
              {name === 'mentions' ? '@' : t(name)}
              {counts[name] > 0 && <span class="total">{counts[name]}</span>}
              {name === 'mine' && unreadTotal > 0 && (
                <i class="mark" title={t('unreadCount', { count: unreadTotal })} />
              )}
            </button>
          ))}
        </div>
        <button
          type="button"
          class="button quiet"
          aria-label={t('selectRows')}
          title={`${t('selectRows')} (X)`}
          aria-pressed={selected !== null}
          disabled={shown === 'mentions'}
          onClick={() => desk.setSelecting(selected === null)}
        >
          <Icon name="check" size={18} />
        </button>
        <button type="button" class="button quiet" aria-label={t('keys')} title={t('keys')} onClick={onHelp}>
          <Icon name="keyboard" size={18} />
        </button>
      </div>
      <div class="list" id="list" ref={list} tabIndex={-1} role="tabpanel" aria-labelledby={`tab-${shown}`}>
        <Shown name={shown} />
      </div>
      <BulkBar />
      {selected === null && (shown === 'waiting' || shown === 'mine') && (
        <div class="list-foot">
          <button
            type="button"
            class="button primary"
            disabled={!waiting.some(desk.isForMe)}
            onClick={onNext}
          >
            {t('takeNext')} <kbd>N</kbd>
          </button>
        </div>
      )}
    </section>
  )
}

/** Those that do not rest: the others are in a view of their own. */
function awake(entries: Queued[]): Queued[] {
  return entries.filter(({ conversation }) => !conversation.snoozed)
}

function Shown({ name }: { name: ListName }) {
  const { waiting, mine, isLoaded } = useDeskState()
  if (name === 'ended') return <Ended />
  if (name === 'mentions') return <Mentions />
  if (name === 'views') return <Views />
  if (!isLoaded) return null
  const items = name === 'waiting' ? waiting : awake(mine)
  return items.length > 0 ? <Rows key={name} name={name} items={items} /> : <NoRows name={name} />
}

function NoRows({ name }: { name: 'waiting' | 'mine' }) {
  const { t } = useDesk()
  useListed([])
  return name === 'waiting' ? (
    <Empty title={t('noneWaiting')} text={t('noneWaitingText')} />
  ) : (
    <Empty title={t('noneMine')} text={t('noneMineText')} />
  )
}

function Ended() {
  const { t } = useDesk()
  const { items, hasMore, loadMore } = useEnded()
  if (!items) return null
  if (items.length === 0) return <Empty title={t('noneEnded')} text={t('noneEndedText')} />
  return (
    <Rows name="ended" items={items}>
      {hasMore && (
        <button type="button" class="button small more" onClick={loadMore}>
          {t('more')}
        </button>
      )}
    </Rows>
  )
}

interface RowsProps {
  name: ListName
  items: Queued[]
  children?: preact.ComponentChildren
}

function Rows({ name, items, children }: RowsProps) {
  const { desk, t } = useDesk()
  const now = useNow(tickMs)
  const slots = tabSlots(desk.me)
  const slot = `scroll:${name}`
  const { columns, current, unread } = useDeskState()
  useListed(items.map(({ conversation }) => ({ id: conversation.id, name: labelOf(conversation, t) })))
  return (
    <VirtualList
      items={items}
      label={t(name)}
      place={{ top: slots.read<number>(slot) ?? 0, onTop: top => slots.write(slot, top) }}
      rowHeight={rowHeight}
      keyOf={entry => entry.id}
      row={(entry, index) => (
        <Row
          entry={entry}
          place={index + 1}
          now={now}
          unread={unread[entry.conversation_id] ?? 0}
          isShown={columns.includes(entry.conversation_id)}
          isCurrent={entry.conversation_id === current}
        />
      )}
    >
      {children}
    </VirtualList>
  )
}
