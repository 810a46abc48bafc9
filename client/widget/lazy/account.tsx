import type { RefObject } from 'preact'
import type { ConversationStore } from '../../sdk/index.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { person } from '../../ui/glyphs.tsx'
import { useRef, useState, useStore } from '../core/shared.ts'
import { Sheet } from './sheet.tsx'
import { SignIn } from './sign-in.tsx'
import { SignedIn } from './signed-in.tsx'
import { useLazy } from './words.ts'

export interface Account {
  isOpen: boolean
  open(): void
  close(): void
  /** To be put on the button that opens it: the focus goes back there. */
  button: RefObject<HTMLButtonElement | null>
}

export function useAccount(): Account {
  const [isOpen, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  return {
    isOpen,
    button,
    open: () => setOpen(true),
    close() {
      setOpen(false)
      // Once it is in reach again.
      setTimeout(() => button.current?.focus())
    },
  }
}

export function AccountButton({ account }: { account: Account }) {
  const { t } = useLazy()
  const user = useUser()
  const label = user ? t('signedInAs', { who: user.email ?? user.name ?? '' }) : t('signIn')
  return (
    <button
      ref={account.button}
      type="button"
      class={user ? 'quiet known' : 'quiet'}
      aria-haspopup="dialog"
      aria-label={label}
      title={label}
      onClick={account.open}
    >
      <Glyph of={person} />
    </button>
  )
}

export function AccountSheet({
  account,
  conversation,
}: {
  account: Account
  conversation: ConversationStore
}) {
  const { t } = useLazy()
  const user = useUser()
  return (
    <Sheet title={t(user ? 'account' : 'signIn')} onClose={account.close}>
      {user ? <SignedIn user={user} conversation={conversation} /> : <SignIn />}
    </Sheet>
  )
}

function useUser() {
  const { client } = useLazy().model
  return useStore({ get: () => client.state, subscribe: client.subscribe }).session?.session.user ?? null
}
