import { viewCountMax } from '#protocol/core/limits'
import type { ViewItem, ViewName } from '#protocol/desk/view'
import { Avatar } from '../../../ui/avatar.tsx'
import { Icon } from '../../../ui/icons.tsx'
import { useNow } from '../../../ui/use-now.ts'
import { VirtualList } from '../../../ui/virtual-list.tsx'
import { Empty } from '../../state.tsx'
import { tabSlots, useTabState } from '../../tab-state.ts'
import { useListed } from './bulk-bar.tsx'
import { labelOf, useDesk, useDeskState } from './context.ts'
import { Due } from './due.tsx'
import { type FilterFields, Filters, noFilters } from './filters.tsx'
import { Found } from './found.tsx'
import { RowTags } from './row.tsx'
import { RecentTime, RowFrame } from './row-frame.tsx'
import { useView } from './use-view.ts'

/** Besides those that have a list of their own. */
const shownViews = ['ai', 'team', 'snoozed', 'all', 'ended'] as const satisfies ViewName[]
const words = {
  ai: 'viewAi',
  team: 'viewTeam',
  snoozed: 'viewSnoozed',
  all: 'viewAll',
  ended: 'viewEnded',
} as const

/** Three lines, where there are marks. */
const rowHeight = 84
const tickMs = 30_000

/** All conversations, whoever has them, and what was said in any of them. */
export function Views() {
  const { t } = useDesk()
  const [query, setQuery] = useTabState('search', '')
  const [fields, setFields] = useTabState<FilterFields>('filters', noFilters)
  const [isFiltering, setFiltering] = useTabState('filtering', false)
  const hasFilters = Object.values(fields).some(value => value !== '')
  return (
    <div class="views">
      <div class="search">
        <input
          type="search"
          class="input"
          aria-label={t('search')}
          placeholder={t('searchPlaceholder')}
          maxLength={200}
          value={query}
          onInput={event => setQuery(event.currentTarget.value)}
        />
        <button
          type="button"
          class="button"
          aria-label={t('filters')}
          title={t('filters')}
          aria-expanded={isFiltering}
          onClick={() => setFiltering(!isFiltering)}
        >
          <Icon name="settings" size={18} />
          {hasFilters && <i class="mark" />}
        </button>
      </div>
      {isFiltering && <Filters fields={fields} onChange={setFields} />}
      {query.trim() ? <Found query={query.trim()} fields={fields} /> : <View />}
    </div>
  )
}

/** All conversations of a view: to be watched, and taken over. */
function View() {
  const { desk, t } = useDesk()
  const [view, setView] = useTabState<(typeof shownViews)[number]>('list-view', () => 'ai')
  const [tag, setTag] = useTabState('view-tag', '')
  const { items, counts, hasMore, loadMore } = useView(view, tag)
  const now = useNow(tickMs)
  const slots = tabSlots(desk.me)
  const slot = `scroll:view:${view}`
  const { columns, current, labels } = useDeskState()
  useListed(
    (items ?? []).map(({ conversation }) => ({ id: conversation.id, name: labelOf(conversation, t) })),
  )
  return (
    <>
      <fieldset class="view-names" aria-label={t('views')}>
        {shownViews.map(name => (
          <button key={name} type="button" aria-pressed={name === view} onClick={() => setView(name)}>
            {t(words[name])}
            {counts && counts[name] > 0 && <span class="total">{countLabel(counts[name])}</span>}
          </button>
        ))}
        {(labels.length > 0 || tag !== '') && <TagFilter tag={tag} onTag={setTag} />}
      </fieldset>
      {items && items.length === 0 && <Empty title={t('noneInView')} text={t('noneInViewText')} />}
      {items && items.length > 0 && (
        <VirtualList
          key={`${view} ${tag}`}
          items={items}
          label={t(words[view])}
          place={{ top: slots.read<number>(slot) ?? 0, onTop: top => slots.write(slot, top) }}
          rowHeight={rowHeight}
          keyOf={({ conversation }) => conversation.id}
          row={item => (
            <ViewRow
              item={item}
              now={now}
              isShown={columns.includes(item.conversation.id)}
              isCurrent={item.conversation.id === current}
            />
          )}
        >
          {hasMore && (
            <button type="button" class="button small more" onClick={loadMore}>
              {t('more')}
            </button>
          )}
        </VirtualList>
      )}
    </>
  )
}

function TagFilter({ tag, onTag }: { tag: string; onTag(tag: string): void }) {
  const { t } = useDesk()
  const { labels } = useDeskState()
  const names = labels.map(({ name }) => name)
  const offered = tag === '' || names.includes(tag) ? names : [tag, ...names]
  return (
    <select
      class="input select"
      aria-label={t('filterTag')}
      value={tag}
      onChange={({ currentTarget }) => onTag(currentTarget.value)}
    >
      <option value="">{t('anyTag')}</option>
      {offered.map(name => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  )
}

function countLabel(count: number): string {
  return count >= viewCountMax ? `${viewCountMax}+` : String(count)
}

interface RowProps {
  item: ViewItem
  now: number
  isShown: boolean
  isCurrent: boolean
}

function ViewRow({ item: { conversation, handoff, preview }, now, isShown, isCurrent }: RowProps) {
  const { t } = useDesk()
  const { labels } = useDeskState()
  const { id, visitor, mode, status, agent } = conversation
  const owner =
    status === 'closed'
      ? t('closedMark')
      : mode === 'human'
        ? (agent?.name ?? t('agent'))
        : t(mode === 'queued' ? 'waiting' : 'assistant')

  return (
    <RowFrame
      id={id}
      name={labelOf(conversation, t)}
      isShown={isShown}
      isCurrent={isCurrent}
      lead={<Avatar name={visitor?.name ?? null} />}
      time={<RecentTime at={conversation.last_message_at ?? conversation.created_at} now={now} />}
    >
      <span class="line marks">
        <span class={`tag ${mode === 'queued' ? 'busy' : ''} team`} title={owner}>
          {owner}
        </span>
        <Due clocks={handoff?.clocks} now={now} />
        <RowTags tags={handoff?.tags ?? []} labels={labels} />
      </span>
      <span class="line preview">
        <span>{preview ?? t('nothingSaid')}</span>
      </span>
    </RowFrame>
  )
}
