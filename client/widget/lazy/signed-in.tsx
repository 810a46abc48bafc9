import type { Conversation, Language } from '#protocol'
import type { ConversationStore } from '../../sdk/index.ts'
import type { User } from '../../sdk/types.ts'
import { dateLabel, timeLabel, useEffect, useRef, useState } from '../core/shared.ts'
import { useLazy } from './words.ts'

/** Who is signed in, and what they talked about before, on whichever device. */
export function SignedIn({ user, conversation }: { user: User; conversation: ConversationStore }) {
  const { model, language, t } = useLazy()
  const earlier = useEarlier()
  const present = conversation.get().conversation?.id
  const heading = useRef<HTMLParagraphElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <>
      <p ref={heading} tabIndex={-1}>
        {t('signedInAs', { who: user.email ?? user.name ?? '' })}
      </p>
      {earlier.length > 0 && <h3>{t('earlier')}</h3>}
      <div class="list">
        {earlier.map(({ id, title, created_at, last_message_at }) => (
          <button
            key={id}
            type="button"
            class="row"
            aria-current={id === present}
            onClick={() => model.enter(id)}
          >
            <span class="title">{title ?? dateLabel(created_at, language)}</span>
            <time>{whenLabel(last_message_at ?? created_at, language)}</time>
          </button>
        ))}
      </div>
      <div class="answers">
        <button type="button" onClick={model.reset}>
          {t('signOut')}
        </button>
      </div>
    </>
  )
}

/** The time of today, else the day. */
function whenLabel(at: string, language: Language): string {
  return new Date(at).toDateString() === new Date().toDateString()
    ? timeLabel(at, language)
    : dateLabel(at, language)
}

/** The newest conversations; none where they cannot be had. */
function useEarlier(): Conversation[] {
  const { client } = useLazy().model
  const [items, setItems] = useState<Conversation[]>([])
  useEffect(() => {
    client.call('conversation:list', { page_size: 20 }).then(
      page => setItems(page.items.filter(({ message_count }) => message_count > 0)),
      () => {},
    )
  }, [client])
  return items
}
