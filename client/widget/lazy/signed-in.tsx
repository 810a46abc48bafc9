import type { ConversationStore } from '../../sdk/index.ts'
import type { User } from '../../sdk/types.ts'
import { useEffect, useRef } from '../core/shared.ts'
import { EarlierList, useEarlier } from './earlier.tsx'
import { useLazy } from './words.ts'

interface Props {
  user: User
  conversation: ConversationStore
  onClose(): void
}

/** Who is signed in, and what they talked about before, on whichever device. */
export function SignedIn({ user, conversation, onClose }: Props) {
  const { model, t } = useLazy()
  const earlier = useEarlier()
  const heading = useRef<HTMLParagraphElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <>
      <p ref={heading} tabIndex={-1}>
        {t('signedInAs', { who: user.email ?? user.name ?? '' })}
      </p>
      {earlier.items.length > 0 && <h3>{t('earlier')}</h3>}
      <EarlierList earlier={earlier} present={conversation.get().conversation?.id} onClose={onClose} />
      <div class="answers">
        <button type="button" onClick={model.reset}>
          {t('signOut')}
        </button>
      </div>
    </>
  )
}
