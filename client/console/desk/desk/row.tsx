import type { Queued } from '#protocol/desk/handoff'
import type { Label } from '#protocol/desk/label'
import { Avatar } from '../../../ui/avatar.tsx'
import { durationLabel } from '../../../ui/time.ts'
import { Tag } from '../label/tag.tsx'
import { labelOf, useAttempt, useDesk, useDeskState } from './context.ts'
import { Due } from './due.tsx'
import { activityOf } from './feed.ts'
import { RecentTime, RowFrame } from './row-frame.tsx'

export const causeWords = {
  request: 'causeRequest',
  question: 'causeQuestion',
  takeover: 'causeTakeover',
} as const

interface Props {
  entry: Queued
  /** From 1, in its list. */
  place: number
  now: number
  unread: number
  isShown: boolean
  isCurrent: boolean
}

export function Row({ entry, place, now, unread, isShown, isCurrent }: Props) {
  const { desk, t } = useDesk()
  const attempt = useAttempt()
  const { conversation, conversation_id, status } = entry
  const name = labelOf(conversation, t)
  const isWaiting = status === 'pending'

  return (
    <RowFrame
      id={conversation_id}
      name={name}
      isShown={isShown}
      isCurrent={isCurrent}
      lead={
        isWaiting ? (
          <span class="place" title={t('place', { place })}>
            {place}
          </span>
        ) : (
          <Avatar name={conversation.visitor?.name ?? null} />
        )
      }
      time={<When entry={entry} now={now} />}
      action={
        isWaiting && (
          <button
            type="button"
            class="button small"
            aria-label={t('takeNamed', { name })}
            onClick={() => void attempt(() => desk.take(entry))}
          >
            {t('take')}
          </button>
        )
      }
    >
      <Marks entry={entry} now={now} />
      <span class="line preview">
        <span>{entry.preview ?? entry.reason ?? t(causeWords[entry.cause])}</span>
        {unread > 0 && (
          <b class="count" title={t('unreadCount', { count: unread })}>
            {unread}
          </b>
        )}
      </span>
    </RowFrame>
  )
}

/** More than these make a line too long to be read. */
const shownTagsMax = 2

function Marks({ entry, now }: { entry: Queued; now: number }) {
  const { priority, team, rating, tags, clocks, overdue = [] } = entry
  const { t } = useDesk()
  const { labels } = useDeskState()
  const isPressing = priority === 'urgent' || priority === 'high'
  const isOverdue = overdue.length > 0
  if (!isOverdue && !clocks?.length && !isPressing && !team && rating === null && tags.length === 0)
    return null
  return (
    <span class="line marks">
      {isOverdue && <span class="tag bad">{t('overdue')}</span>}
      <Due clocks={clocks} now={now} />
      {isPressing && <span class="tag busy">{t(priority)}</span>}
      {rating !== null && <span class="tag good">{rating}/5</span>}
      {team && (
        <span class="tag team" title={team.name}>
          {team.name}
        </span>
      )}
      <RowTags tags={tags} labels={labels} />
    </span>
  )
}

export function RowTags({ tags, labels }: { tags: readonly string[]; labels: readonly Label[] }) {
  return (
    <>
      {tags.slice(0, shownTagsMax).map(tag => (
        <Tag key={tag} name={tag} labels={labels} />
      ))}
      {tags.length > shownTagsMax && (
        <span class="tag" title={tags.slice(shownTagsMax).join(', ')}>
          +{tags.length - shownTagsMax}
        </span>
      )}
    </>
  )
}

/** How long ago somebody asked for a person, else when something was last said. */
function When({ entry, now }: { entry: Queued; now: number }) {
  const { t, language } = useDesk()
  if (entry.status === 'pending') {
    const time = durationLabel(now - Date.parse(entry.created_at), language)
    return (
      <time class="when" title={t('waits', { time })}>
        {time}
      </time>
    )
  }
  return <RecentTime at={entry.ended_at ?? activityOf(entry)} now={now} />
}
