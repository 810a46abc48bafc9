import type { ConversationStore } from '../../sdk/index.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { person } from '../../ui/glyphs.tsx'
import { useStore } from '../core/shared.ts'
import { Sheet } from './sheet.tsx'
import { SignIn } from './sign-in.tsx'
import { SignedIn } from './signed-in.tsx'
import { useLazy } from './words.ts'

export function AccountButton({ onOpen }: { onOpen(): void }) {
  const { t } = useLazy()
  const user = useUser()
  const label = user ? t('signedInAs', { who: user.email ?? user.name ?? '' }) : t('signIn')
  return (
    <button
      type="button"
      class={user ? 'quiet known' : 'quiet'}
      aria-haspopup="dialog"
      aria-label={label}
      title={label}
      onClick={onOpen}
    >
      <Glyph of={person} />
    </button>
  )
}

interface Props {
  conversation: ConversationStore
  onClose(): void
}

export function Account({ conversation, onClose }: Props) {
  const { t } = useLazy()
  const user = useUser()
  return (
    <Sheet title={t(user ? 'account' : 'signIn')} onClose={onClose}>
      {user ? <SignedIn user={user} conversation={conversation} onClose={onClose} /> : <SignIn />}
    </Sheet>
  )
}

function useUser() {
  const { client } = useLazy().model
  return useStore({ get: () => client.state, subscribe: client.subscribe }).session?.session.user ?? null
}
